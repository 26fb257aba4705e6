import type { Combination, CombinationStep } from './combination.js';

/**
 * A combination as people write it: `target + 1.0·(finetuned − base)`, `0.5·a + 0.5·b`, `finetuned − base`.
 * `parseCombination` reads it back to the same steps.
 */
export function formatCombination({ steps }: Combination): string {
  return steps.map((step, index) => formatStep(step, index === 0)).join(' ');
}

function formatStep(step: CombinationStep, isFirst: boolean): string {
  const isNegative = step.scale < 0 || Object.is(step.scale, -0);
  const sign = isFirst ? (isNegative ? '−' : '') : isNegative ? '− ' : '+ ';
  return `${sign}${formatFactor(step, isFirst)}${formatTerm(step, isFirst)}`;
}

/** A factor of 1 is left out where it says nothing: before a plain name, and before the difference that comes first. */
function formatFactor({ scale, minus }: CombinationStep, isFirst: boolean): string {
  const isPlain = scale === 1 && (minus === null || isFirst);
  return isPlain ? '' : `${formatScale(Math.abs(scale))}·`;
}

function formatTerm({ scale, plus, minus }: CombinationStep, isFirst: boolean): string {
  if (minus === null) return formatName(plus);
  const difference = `${formatName(plus)} − ${formatName(minus)}`;
  return isFirst && scale === 1 ? difference : `(${difference})`;
}

/** A scale as it is shown: `1.0`, `0.3`, `1e-7`. */
export function formatScale(scale: number): string {
  const text = String(scale);
  return Number.isInteger(scale) && !text.includes('e') ? `${text}.0` : text;
}

/** Characters that end an unquoted name. A plus or a hyphen inside a word belongs to it: `base-1`. */
export const endsName = /[\s()·×*\u2212"']/u;

function formatName(name: string): string {
  const isPlain = name !== '' && !endsName.test(name) && !/^[+-]/.test(name);
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}
