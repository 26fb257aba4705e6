import type { JobProgress } from './protocol.js';
import { Throughput } from './throughput.js';

/** What a job of several phases says of itself; each phase counts its own bytes. */
export interface PhaseProgress {
  readonly phase: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Name of the tensor last finished; empty when there is none to name. */
  readonly tensor: string;
  /** Where in the phase the job is: `layer 12`. */
  readonly stage?: string;
}

/** Each phase has its own rate, and what was done before it began does not count. */
export function phaseReporter(report: (progress: JobProgress) => void): (progress: PhaseProgress) => void {
  let current: { readonly phase: string; readonly before: number; readonly throughput: Throughput } | null = null;
  return ({ phase, doneBytes, totalBytes, tensor, stage }) => {
    if (current?.phase !== phase) current = { phase, before: doneBytes, throughput: new Throughput() };
    report({
      doneBytes,
      totalBytes,
      bytesPerSecond: current.throughput.add(doneBytes - current.before),
      tensor: tensor === '' ? null : tensor,
      phase: stage === undefined ? phase : `${phase}: ${stage}`,
    });
  };
}
