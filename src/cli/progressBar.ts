import type { JobProgress } from '../engine/index.js';
import type { Io } from './io.js';
import { formatBytes, formatSeconds } from '../base/format.js';

const barLength = 24;
const redrawIntervalMs = 80;
const clearLine = '\r\u001b[2K';

/** A progress line on stderr that redraws itself and vanishes at the end; nothing at all where stderr is no terminal. */
export class ProgressBar {
  readonly #io: Io;
  #last = -Infinity;
  #drawn = false;

  constructor(io: Io) {
    this.#io = io;
  }

  readonly update = (progress: JobProgress): void => {
    const now = performance.now();
    if (!this.#io.interactive || now - this.#last < redrawIntervalMs) return;
    this.#last = now;
    this.#drawn = true;
    this.#io.stderr(`${clearLine}${describeProgress(progress)}`);
  };

  clear(): void {
    if (this.#drawn) this.#io.stderr(clearLine);
    this.#drawn = false;
  }
}

/** `██████░░░░  42 %  1.2 GB of 2.9 GB  2.1 GB/s  1 s left`. */
export function describeProgress({ doneBytes, totalBytes, bytesPerSecond, phase }: JobProgress): string {
  const fraction = totalBytes === 0 ? 1 : doneBytes / totalBytes;
  const filled = Math.round(fraction * barLength);
  const bar = '█'.repeat(filled) + '░'.repeat(barLength - filled);
  const left = bytesPerSecond > 0 ? `${formatSeconds((totalBytes - doneBytes) / bytesPerSecond)} left` : '';
  return `${bar} ${Math.floor(fraction * 100)} %  ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}  ${formatBytes(bytesPerSecond)}/s  ${left}  ${phase ?? ''}`.trimEnd();
}
