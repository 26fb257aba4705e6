import { formatCombination, formatScale } from '../formatCombination.js';
import { outputDtypes, type CombineRequest } from '../request.js';
import type { Roles } from './roles.js';

/** @throws Error when the request contradicts itself, whatever the models are */
export function checkRequest({ combination, dtype, maxShardSize }: CombineRequest): void {
  if (combination.steps.length === 0) throw new Error('The formula is empty: it needs at least one model.');
  if (combination.steps.some(({ scale }) => !Number.isFinite(scale)))
    throw new Error('Every scale of the formula has to be a finite number.');
  if (dtype !== null && !outputDtypes.includes(dtype))
    throw new Error(`The output cannot be stored as ${dtype as string}. Choose one of ${outputDtypes.join(', ')}.`);
  if (maxShardSize !== null && !(maxShardSize > 0)) throw new Error('The largest size of a shard has to be more than 0 bytes.');
}

/**
 * Scales replace the one λ of a transfer or an interpolation; a longer formula says its own.
 * @throws Error when scales are given for another formula
 */
export function requireScalable({ scales, combination: { steps } }: CombineRequest, { templateStep }: Roles): void {
  if (scales.length === 0 || (steps.length <= 2 && templateStep !== steps.length - 1)) return;
  throw new Error(
    'Scales by pattern need a formula with one scaled part, such as target + λ·(finetuned − base). Write the scales into the formula instead.',
  );
}

/** The formula with the global scale filled in, followed by the scales by pattern. */
export function describeFormula({ combination, scales }: Pick<CombineRequest, 'combination' | 'scales'>): string {
  const overall = scales.findLast(({ pattern }) => pattern === null)?.scale;
  const patterned = scales.flatMap(({ pattern, scale }) => (pattern === null ? [] : [`${formatScale(scale)} for ${pattern}`]));
  const steps = combination.steps.map((step, index) =>
    index === combination.steps.length - 1 && overall !== undefined ? { ...step, scale: overall } : step,
  );
  const formula = formatCombination({ steps });
  return patterned.length === 0 ? formula : `${formula} [${patterned.join('; ')}]`;
}
