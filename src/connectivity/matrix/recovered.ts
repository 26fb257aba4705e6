import type { PointScores } from '../report/index.js';
import { isMeasurable } from '../line/measurable.js';
import { gain } from '../scoring/estimate.js';

/**
 * Per task, the fraction of a target's own fine-tuning gain that a transfer recovers, (merge − base) / (fine-tuned − base)
 * in loss or accuracy (Lin et al. 2025, Table 3). Below 0 where the transfer harms, above 1 where it beats the fine-tune.
 * @returns null where there is no fine-tune, or its gain does not stand out from noise: a fraction of nothing says nothing
 */
export function recoveredOf(base: PointScores, finetuned: PointScores | null, merge: PointScores): (number | null)[] {
  return base.scores.map((score, task) => {
    if (finetuned === null) return null;
    const whole = gain(score, finetuned.scores[task]!);
    const isGain = score.kind === 'outside' ? whole.value > 0 : isMeasurable(whole);
    return isGain ? gain(score, merge.scores[task]!).value / whole.value : null;
  });
}
