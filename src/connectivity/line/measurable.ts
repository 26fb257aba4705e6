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
