import { compilePattern } from '../model/names/index.js';

/** A scale λ: of all tensors whose name fits the pattern, or of all tensors where `pattern` is null. */
export interface ScaleRule {
  readonly pattern: string | null;
  readonly scale: number;
}

/** A `--scale` that cannot be read. */
export class ScaleError extends Error {
  override readonly name = 'ScaleError';
}

/**
 * Reads `0.3` or `model.layers.{0..11}.*=0.5`.
 * @throws ScaleError, PatternError
 */
export function parseScaleRule(text: string): ScaleRule {
  const at = text.lastIndexOf('=');
  const number = text
    .slice(at + 1)
    .trim()
    .replace(/^\u2212/u, '-');
  const scale = Number(number);
  if (number === '' || !Number.isFinite(scale)) throw new ScaleError(`A scale is a number, or PATTERN=NUMBER, but got "${text}".`);
  if (at < 0) return { pattern: null, scale };
  const pattern = text.slice(0, at).trim();
  if (pattern === '') throw new ScaleError(`The scale "${text}" has no pattern before its "=". Leave the "=" out to scale every tensor.`);
  compilePattern(pattern);
  return { pattern, scale };
}

/** The scale of a tensor: that of the last rule whose pattern fits, else that of the last rule for all, else `otherwise`. */
export function compileScales(rules: readonly ScaleRule[], otherwise: number): (name: string) => number {
  const overall = rules.findLast(({ pattern }) => pattern === null)?.scale ?? otherwise;
  const patterned = rules.flatMap(({ pattern, scale }) => (pattern === null ? [] : [{ fits: compilePattern(pattern), scale }]));
  return (name) => patterned.findLast(({ fits }) => fits(name))?.scale ?? overall;
}
