import { formatNumber, formatShare } from '../../base/format.js';
import { wilsonInterval, type TaskScore } from '../../evaluate/report/index.js';
import { formatLoss } from './format.js';

/** Titles of a score's columns; the first is the one number that stands for all. */
export function scoreTitles(kind: TaskScore['kind']): string[] {
  switch (kind) {
    case 'loss':
      return ['loss', '±', 'bits/byte', 'perplexity'];
    case 'choice':
      return ['accuracy', '95 %', 'normalised', '95 %'];
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
        formatInterval(wilsonInterval(score.accuracy, score.itemCount)),
        formatShare(score.accuracyNormalised),
        formatInterval(wilsonInterval(score.accuracyNormalised, score.itemCount)),
      ];
    case 'outside':
      return [formatNumber(score.value)];
    default:
      return score satisfies never;
  }
}

/** One window or item has no standard error. */
function unlessUnknown(standardError: number, format: (value: number) => string): string {
  return Number.isNaN(standardError) ? '–' : format(standardError);
}

/** `52.1–71.8%`; a dash where it is unknown. */
function formatInterval([low, high]: readonly [number, number]): string {
  return Number.isNaN(low) ? '–' : `${formatShare(low).replace('%', '')}–${formatShare(high)}`;
}
