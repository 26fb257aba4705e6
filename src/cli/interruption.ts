import { constants } from 'node:os';

/** The first signal cancels, so that the command cleans up and ends by itself; the second one ends the process at once. */
export class Interruption {
  readonly #cancellation = new AbortController();
  readonly #stderr: (text: string) => void;
  readonly #exit: (code: number) => void;
  #describe: () => string | null = () => null;

  constructor(stderr: (text: string) => void, exit: (code: number) => void) {
    this.#stderr = stderr;
    this.#exit = exit;
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  readonly onKill = (describe: () => string | null): void => {
    this.#describe = describe;
  };

  interrupt(signal: 'SIGINT' | 'SIGTERM'): void {
    if (!this.signal.aborted) {
      this.#cancellation.abort();
      return;
    }
    this.#stderr(`model-rebase: Stopped at once.${prefixed(this.#describe())}\n`);
    this.#exit(128 + constants.signals[signal]); // what a shell reports of a process that a signal ended
  }
}

function prefixed(sentence: string | null): string {
  return sentence === null ? '' : ` ${sentence}`;
}
