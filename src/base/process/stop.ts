import { once } from 'node:events';
import { OutsideCommandError, withLastLines } from './outsideCommandError.js';
import { formatSeconds } from '../format.js';

export interface StopOptions {
  readonly timeoutSeconds: number | null;
  readonly signal?: AbortSignal | undefined;
}

const longestTimerMs = 2 ** 31 - 1;

/** Why a process has to end before its time: the first reason counts. */
export class Stop {
  /** Resolves, never rejects. */
  readonly requested: Promise<unknown>;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | null;
  readonly #onAbort = () => this.now(this.options.signal?.reason);

  constructor(private readonly options: StopOptions) {
    const { timeoutSeconds, signal } = options;
    this.requested = once(this.#controller.signal, 'abort');
    this.#timer = timeoutSeconds === null ? null : setTimeout(() => this.now(timedOut(timeoutSeconds)), timerMs(timeoutSeconds));
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
  }

  now(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** From here on only a flood is a reason. */
  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.options.signal?.removeEventListener('abort', this.#onAbort);
  }

  throwIfRequested(lastLines: readonly string[]): void {
    const { aborted, reason } = this.#controller.signal as { aborted: boolean; reason: unknown };
    if (aborted) throw reason instanceof OutsideCommandError ? withLastLines(reason.message, lastLines) : reason;
  }
}

function timerMs(seconds: number): number {
  return Math.min(seconds * 1000, longestTimerMs);
}

function timedOut(seconds: number): OutsideCommandError {
  return new OutsideCommandError(`The command did not end within ${formatSeconds(seconds)} and was stopped. Allow it more time.`);
}
