import { formatNumber, formatShare } from '../../base/format.js';
import type { TaskScore } from '../../evaluate/report/index.js';
import { formatLoss } from './format.js';

/** Titles of a score's columns; the first is the one number that stands for all. */
export function scoreTitles(kind: TaskScore['kind']): string[] {
  switch (kind) {
    case 'loss':
      return ['loss', '±', 'bits/byte', 'perplexity'];
    case 'choice':
      return ['accuracy', '±', 'normalised', '±'];
    case 'outside':
      return ['value'];
    default:
      return kind satisfies never;
  }
}

/** A score's cells, in the order of its titles. */
export function scoreCells(score: TaskScore): string[] {
  switch (score.kind) {
    case 'loss':
      return [
        formatLoss(score.loss),
        unlessUnknown(score.standardError, formatNumber),
        formatLoss(score.bitsPerByte),
        formatNumber(score.perplexity),
      ];
    case 'choice':
      return [
        formatShare(score.accuracy),
        unlessUnknown(score.standardError, formatShare),
        formatShare(score.accuracyNormalised),
        unlessUnknown(score.standardErrorNormalised, formatShare),
      ];
    case 'outside':
      return [formatNumber(score.value)];
    default:
      return score satisfies never;
  }
}

/** The number in the first of a score's cells. */
export function leadingValue(score: TaskScore): number {
  switch (score.kind) {
    case 'loss':
      return score.loss;
    case 'choice':
      return score.accuracy;
    case 'outside':
      return score.value;
    default:
      return score satisfies never;
  }
}

/** One window or item has no standard error. */
function unlessUnknown(standardError: number, format: (value: number) => string): string {
  return Number.isNaN(standardError) ? '–' : format(standardError);
}
