import type { ReportTask, TaskScore } from '../../evaluate/report/index.js';
import { formatLoss } from './format.js';

/** Lower is better: nats per token, `1 − accuracy`, or an outside command's number with the sign that makes it so. */
export function lossOf(score: TaskScore): number {
  switch (score.kind) {
    case 'loss':
      return score.loss;
    case 'choice':
      return 1 - score.accuracy;
    case 'outside':
      return score.higherIsBetter ? -score.value : score.value;
    default:
      return score satisfies never;
  }
}

/** Which way a task's scores get better, in words. */
export interface Direction {
  readonly best: 'Lowest' | 'Highest';
  readonly better: 'lower' | 'higher';
  readonly beyond: 'below' | 'above';
}

/** Losses and error rates get better downwards, an outside command's numbers as it was said of them. */
export function directionOf(score: TaskScore): Direction {
  const isUpwards = score.kind === 'outside' && score.higherIsBetter;
  return isUpwards ? { best: 'Highest', better: 'higher', beyond: 'above' } : { best: 'Lowest', better: 'lower', beyond: 'below' };
}

/** The number that goes with `lossName`: the loss, the error rate, or the outside command's number as it is. */
export function formatScore(score: TaskScore): string {
  return formatLoss(score.kind === 'outside' ? score.value : lossOf(score));
}

/** Of `lossOf`; NaN for an outside command. */
export function lossErrorOf(score: TaskScore): number {
  return score.kind === 'outside' ? NaN : score.standardError;
}

/** What a task's losses are called in sentences and over columns. */
export function lossName({ kind }: Pick<ReportTask, 'kind'>): { readonly noun: string; readonly unit: string } {
  switch (kind) {
    case 'loss':
      return { noun: 'loss', unit: ' nats per token' };
    case 'choice':
      return { noun: 'error rate', unit: '' };
    case 'outside':
      return { noun: 'result', unit: '' };
    default:
      return kind satisfies never;
  }
}

/** What a task's standard errors are taken over. */
export type ItemNoun = 'item' | 'window';

export function itemNoun({ path }: Pick<ReportTask, 'path'>): ItemNoun {
  return path.toLowerCase().endsWith('.jsonl') ? 'item' : 'window';
}
