import type { JobProgress } from '../engine/index.js';
import type { Io } from './io.js';
import { formatBytes, formatSeconds } from '../base/format.js';

const barLength = 24;
const redrawIntervalMs = 80;

/** Progress on a terminal: a line that redraws itself and vanishes at the end. */
export class ProgressBar {
  readonly #io: Pick<Io, 'stderr' | 'redraw'>;
  #last = -Infinity;
  #drawn = false;

  constructor(io: Pick<Io, 'stderr' | 'redraw'>) {
    this.#io = io;
  }

  update(progress: JobProgress): void {
    const now = performance.now();
    if (now - this.#last < redrawIntervalMs) return;
    this.#last = now;
    this.#drawn = true;
    this.#io.redraw(describeProgress(progress));
  }

  /** Prints what somebody else has to say, in place of the bar until it is drawn again. */
  print(text: string): void {
    this.end();
    this.#io.stderr(text);
  }

  end(): void {
    if (this.#drawn) this.#io.redraw('');
    this.#drawn = false;
  }
}

/** `██████░░░░  42 %  1.2 GB of 2.9 GB  2.1 GB/s  1 s left  combining`. */
function describeProgress(progress: JobProgress): string {
  const filled = Math.round(fractionOf(progress) * barLength);
  const bar = '█'.repeat(filled) + '░'.repeat(barLength - filled);
  return [bar, ...describeAmounts(progress), ...(progress.phase === undefined ? [] : [progress.phase])].join('  ');
}

/** How far a job is: percent, bytes, rate and time left, the latter two where they are known. */
export function describeAmounts(progress: JobProgress): string[] {
  const { doneBytes, totalBytes, bytesPerSecond } = progress;
  const rate = [`${formatBytes(bytesPerSecond)}/s`, `${formatSeconds((totalBytes - doneBytes) / bytesPerSecond)} left`];
  return [
    `${Math.floor(fractionOf(progress) * 100)} %`,
    `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
    ...(bytesPerSecond > 0 ? rate : []),
  ];
}

function fractionOf({ doneBytes, totalBytes }: JobProgress): number {
  return totalBytes === 0 ? 1 : doneBytes / totalBytes;
}
