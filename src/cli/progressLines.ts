import type { JobProgress } from '../engine/index.js';
import { describeAmounts } from './progressBar.js';
import { visibleText } from '../base/visibleText.js';
import { formatSeconds } from '../base/format.js';

/** A job that ends sooner than this says nothing but its result. */
const minDelayMs = 30_000;
/** Build servers stop jobs that say nothing for ten minutes. */
const maxDelayMs = 300_000;
/** Each pause is this share of the time so far: seconds count at the start of a job, not after hours. */
const shareOfElapsed = 0.1;

/** Time, so that a test need not wait. */
export interface Clock {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back once unless it is stopped first; the process may end before. */
  readonly after: (delayMs: number, callback: () => void) => { readonly stop: () => void };
}

const realClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return { stop: () => clearTimeout(timer) };
  },
};

/**
 * Progress where stderr is no terminal, as in a log: a line after half a minute and then now and then, also when the job
 * has nothing new to report. Whatever else is printed counts as such a line.
 */
export class ProgressLines {
  readonly #stderr: (text: string) => void;
  readonly #clock: Clock;
  readonly #started: number;
  #timer: ReturnType<Clock['after']>;
  #latest: JobProgress | null = null;

  constructor(stderr: (text: string) => void, clock = realClock) {
    this.#stderr = stderr;
    this.#clock = clock;
    this.#started = clock.now();
    this.#timer = this.#schedule(minDelayMs);
  }

  update(progress: JobProgress): void {
    this.#latest = progress;
  }

  /** Prints what somebody else has to say. */
  print(text: string): void {
    this.#stderr(text);
    this.#rest();
  }

  end(): void {
    this.#timer.stop();
  }

  #tell(): void {
    this.print(`${formatSeconds(this.#elapsed() / 1000)}: ${visibleText(describeState(this.#latest))}\n`);
  }

  #rest(): void {
    this.#timer.stop();
    this.#timer = this.#schedule(Math.min(maxDelayMs, Math.max(minDelayMs, this.#elapsed() * shareOfElapsed)));
  }

  #elapsed(): number {
    return this.#clock.now() - this.#started;
  }

  #schedule(delayMs: number): ReturnType<Clock['after']> {
    return this.#clock.after(delayMs, () => this.#tell());
  }
}

/** `combining: 42 %, 1.2 GB of 2.9 GB, 2.1 GB/s, 1 min 5 s left`. */
function describeState(progress: JobProgress | null): string {
  if (progress === null || progress.totalBytes === 0) return 'working';
  const { phase, doneBytes, totalBytes } = progress;
  if (doneBytes >= totalBytes) return phase === undefined ? 'working' : `working, done with ${phase}`;
  return `${phase === undefined ? '' : `${phase}: `}${describeAmounts(progress).join(', ')}`;
}
