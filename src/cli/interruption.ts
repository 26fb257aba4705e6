import { visibleText } from '../base/visibleText.js';

type Interrupt = 'SIGINT' | 'SIGTERM';

/** The first signal cancels, so that the command cleans up and ends by itself; the second one ends the process at once. */
export class Interruption {
  readonly #cancellation = new AbortController();
  readonly #stderr: (text: string) => void;
  readonly #end: (signal: Interrupt) => void;
  #describe: () => string | null = () => null;

  /** @param end ends the process as the signal does where nobody handles it */
  constructor(stderr: (text: string) => void, end: (signal: Interrupt) => void) {
    this.#stderr = stderr;
    this.#end = end;
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  readonly onKill = (describe: () => string | null): void => {
    this.#describe = describe;
  };

  interrupt(signal: Interrupt): void {
    if (!this.signal.aborted) {
      this.#cancellation.abort();
      return;
    }
    this.#stderr(`model-rebase: Stopped at once.${prefixed(this.#describe())}\n`);
    this.#end(signal);
  }
}

function prefixed(sentence: string | null): string {
  return sentence === null ? '' : ` ${visibleText(sentence)}`;
}
