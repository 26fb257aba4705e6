import type { ComparisonSums } from './comparisonSums.js';
import type { ComparisonPlan } from './planComparison.js';
import { buildReport } from './buildReport.js';
import type { DiffReport, EngineChoice } from './report/index.js';

/** A shorter comparison ends before its structure could be read. */
const minByteLength = 256e6;
/** Of more tensors a report takes too long to make and to send while others wait. */
const maxPairs = 20_000;
const interval = 1000;
/** Reports take at most this share of the time. */
const maxShare = 0.05;

/**
 * Tells of a long comparison what is known so far: at first its structure from the headers alone, then about once a second what
 * was added up. Tensors that were not reached are `unread`, and no total speaks of them.
 */
export class PartialReports {
  private readonly started = performance.now();
  private next = 0;

  constructor(
    private readonly plan: ComparisonPlan,
    private readonly engine: EngineChoice,
    private readonly tell: ((report: DiffReport) => void) | undefined,
    fromByteLength = minByteLength,
  ) {
    if (plan.readByteLength < fromByteLength || plan.pairs.length > maxPairs) this.next = Infinity;
  }

  /** Tells of the sums if it is time to. */
  offer(sums: ComparisonSums): void {
    const now = performance.now();
    if (this.tell === undefined || now < this.next) return;
    const { pairs, modules } = sums.soFar();
    const isPending = (pair: number): boolean => this.plan.pairs[pair]?.treatment.kind === 'compare' && pairs[pair]?.statistics === null;
    const seconds = (now - this.started) / 1000;
    this.tell(buildReport(this.plan, { pairs, modules }, null, this.engine, seconds, isPending));
    const end = performance.now();
    this.next = end + Math.max(interval, (end - now) / maxShare);
  }
}
