import { formatEstimate, formatLoss, type NonFiniteTensor } from '../../../connectivity/report/index.js';
import { formatCount } from '../../../base/format.js';
import { type Measure, measureFacts, type Reading } from './measure.js';

/** `3.213 ± 0.021 nats per token`; the value alone where no standard error is known. */
export function readingText({ value, standardError }: Reading, measure: Measure): string {
  const text = Number.isFinite(standardError) ? formatEstimate(value, standardError) : formatLoss(value);
  return Number.isFinite(value) ? `${text}${measureFacts[measure].unit}` : text;
}

/** Why a score is not a number: `NaN or ∞ in model.layers.3.mlp.up_proj.weight (17) and 2 more tensors`; empty where all is finite. */
export function nonFiniteText(tensors: readonly NonFiniteTensor[]): string {
  const [first, ...others] = tensors;
  if (first === undefined) return '';
  const more = others.length === 0 ? '' : ` and ${others.length} more tensor${others.length === 1 ? '' : 's'}`;
  return `NaN or ∞ in ${first.tensor} (${formatCount(first.count)})${more}`;
}
