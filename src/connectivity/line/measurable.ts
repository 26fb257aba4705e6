import type { ReportTask } from '../../evaluate/report/index.js';
import { itemNoun } from '../report/index.js';
import type { Estimate } from '../scoring/estimate.js';
import { fewestItems } from './judgeRises.js';
import { upperQuantile } from './studentT.js';

/**
 * Whether an estimate is above 0 by more than noise, one-sided at 2.5 %, divided by the number of estimates of which it may
 * have been picked (Bonferroni). Never without a standard error, and never on fewer than 8 windows.
 */
export function isMeasurable({ value, standardError, itemCount }: Estimate, choices = 1): boolean {
  if (itemCount < fewestItems || !Number.isFinite(standardError)) return false;
  return value > upperQuantile(0.025 / choices, itemCount - 1) * standardError;
}

/** Why a difference that is not measurable is not: it is no larger than noise, or too little was scored to know its noise. */
export function describeUnmeasured({ standardError, itemCount }: Estimate, about: Pick<ReportTask, 'path'>): string {
  if (itemCount > 0 && itemCount < fewestItems)
    return `at least ${fewestItems} ${itemNoun(about)}s are needed to tell a difference from noise`;
  return Number.isFinite(standardError) ? 'no difference beyond noise' : 'a difference without a known standard error';
}
