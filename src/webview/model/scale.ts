/** How values become positions on a colour scale. */
export interface Scale {
  readonly kind: 'linear' | 'log';
  readonly minimum: number;
  readonly maximum: number;
}

/** A log scale covers at most this many decades below the maximum; smaller values share its lowest colour. */
const maximumDecades = 6;
/** Values that differ by less than this factor are told apart better on a linear scale. */
const logFromRatio = 20;

/**
 * The scale that fits positive values: logarithmic when they span more than a factor of 20, else linear from 0.
 * Zeros, infinities and missing values have no place on it; null when nothing else is there.
 */
export function fitScale(values: readonly (number | null)[]): Scale | null {
  let minimum = Infinity;
  let maximum = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value) || value <= 0) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  if (maximum === 0) return null;
  if (maximum / minimum < logFromRatio) return { kind: 'linear', minimum: 0, maximum };
  return { kind: 'log', minimum: Math.max(minimum, maximum / 10 ** maximumDecades), maximum };
}

/** Where a value stands on the scale, 0…1. Infinity stands at the top. */
export function positionOn(scale: Scale, value: number): number {
  const { minimum, maximum } = scale;
  const clamped = Math.min(maximum, Math.max(minimum, value));
  if (scale.kind === 'linear') return (clamped - minimum) / (maximum - minimum);
  return Math.log(clamped / minimum) / Math.log(maximum / minimum);
}

/** Labels must not run into each other: this share of the scale stays free between two of them. */
const tickDistance = 0.32;

/** Values to label: the ends, and between them the middle of a linear scale or powers of ten that keep their distance. */
export function ticksOf(scale: Scale): number[] {
  const { minimum, maximum } = scale;
  if (scale.kind === 'linear') return [minimum, maximum / 2, maximum];
  const ticks = [minimum];
  for (let exponent = Math.ceil(Math.log10(minimum)); 10 ** exponent < maximum; exponent++) {
    const position = positionOn(scale, 10 ** exponent);
    const free = position - positionOn(scale, ticks.at(-1) ?? minimum);
    if (free >= tickDistance && position <= 1 - tickDistance) ticks.push(10 ** exponent);
  }
  return [...ticks, maximum];
}
