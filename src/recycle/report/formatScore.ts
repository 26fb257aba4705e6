import { formatEstimate, formatLoss } from '../../connectivity/report/index.js';
import type { RoundScore } from './roundsReport.js';

/** `3.306 ± 0.012`; without an error the value alone; `–` where nothing was scored. */
export function formatScore(score: Pick<RoundScore, 'value' | 'standardError'> | undefined): string {
  if (score === undefined) return '–';
  const { value, standardError } = score;
  if (value === null) return 'not finite';
  return standardError === null ? formatLoss(value) : formatEstimate(value, standardError);
}
