/** How values become positions on a colour scale. */
export type Scale =
  | { readonly kind: 'linear' | 'log'; readonly minimum: number; readonly maximum: number }
  /** Equal shares of the values take equal shares of the scale, whatever lies between them. */
  | { readonly kind: 'quantile'; readonly minimum: number; readonly maximum: number; readonly sorted: Float64Array };

/** Which scale a person wants; `auto` is logarithmic for a wide span, else linear. */
export const scaleChoices = ['auto', 'log', 'linear', 'quantile'] as const;
export type ScaleChoice = (typeof scaleChoices)[number];

/** A log scale covers at most this many decades below the maximum; smaller values share its lowest colour. */
const maximumDecades = 6;
/** Values that differ by less than this factor are told apart better on a linear scale. */
const logFromRatio = 20;

/**
 * The scale of positive values. By itself it is logarithmic when they span more than a factor of 20, else linear from 0.
 * Zeros, infinities and missing values have no place on it; null when nothing else is there.
 */
export function fitScale(values: readonly (number | null)[], choice: ScaleChoice = 'auto'): Scale | null {
  const sorted = Float64Array.from(values.filter((value) => value !== null && Number.isFinite(value) && value > 0) as number[]).sort();
  const [minimum, maximum] = [sorted[0], sorted.at(-1)];
  if (minimum === undefined || maximum === undefined) return null;
  if (choice === 'quantile') return { kind: 'quantile', minimum, maximum, sorted };
  const isLog = choice === 'log' ? minimum < maximum : choice === 'auto' && maximum / minimum >= logFromRatio;
  if (!isLog) return { kind: 'linear', minimum: 0, maximum };
  return { kind: 'log', minimum: Math.max(minimum, maximum / 10 ** maximumDecades), maximum };
}

/** Where a value stands on the scale, 0…1. Infinity stands at the top. */
export function positionOn(scale: Scale, value: number): number {
  const { minimum, maximum } = scale;
  const clamped = Math.min(maximum, Math.max(minimum, value));
  switch (scale.kind) {
    case 'linear':
      return (clamped - minimum) / (maximum - minimum);
    case 'log':
      return Math.log(clamped / minimum) / Math.log(maximum / minimum);
    case 'quantile':
      return minimum === maximum ? 1 : rankOf(scale.sorted, clamped) / (scale.sorted.length - 1);
  }
}

/** The first place that a value could take in the sorted ones. */
function rankOf(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Labels must not run into each other: this share of the scale stays free between two of them. */
const tickDistance = 0.32;

/** Values to label: the ends, and between them the middle of the scale or, on a logarithmic one, powers of ten that keep their distance. */
export function ticksOf(scale: Scale): number[] {
  const { minimum, maximum } = scale;
  if (scale.kind === 'linear') return [minimum, maximum / 2, maximum];
  if (scale.kind === 'quantile')
    return minimum === maximum ? [maximum] : [minimum, scale.sorted[scale.sorted.length >> 1] ?? minimum, maximum];
  const ticks = [minimum];
  for (let exponent = Math.ceil(Math.log10(minimum)); 10 ** exponent < maximum; exponent++) {
    const position = positionOn(scale, 10 ** exponent);
    const free = position - positionOn(scale, ticks.at(-1) ?? minimum);
    if (free >= tickDistance && position <= 1 - tickDistance) ticks.push(10 ** exponent);
  }
  return [...ticks, maximum];
}
