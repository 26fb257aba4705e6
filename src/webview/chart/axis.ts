/** A linear axis with round numbers at its ticks. */
export interface Axis {
  readonly minimum: number;
  readonly maximum: number;
  readonly ticks: readonly number[];
  /** Decimals that tell the ticks apart. */
  readonly decimals: number;
}

const roundSteps = [1, 2, 2.5, 5, 10];
/** More than fit into any picture. */
const mostTicks = 1000;
/** Beyond these all ticks look alike. */
const mostDecimals = 20;

/** The smallest round number that is at least `least`, and its decimals. */
function roundStep(least: number): { readonly step: number; readonly decimals: number } {
  const exponent = Math.floor(Math.log10(least));
  const factor = roundSteps.find((candidate) => candidate * 10 ** exponent >= least * (1 - 1e-9)) ?? 10;
  const finest = exponent + (factor === 10 ? 1 : 0) - (factor === 2.5 ? 1 : 0);
  return { step: factor * 10 ** exponent, decimals: Math.min(mostDecimals, Math.max(0, -finest)) };
}

/** None where numbers are too large or too near to each other for a step between them. */
function ticksBetween(minimum: number, maximum: number, step: number): number[] {
  const first = Math.ceil(minimum / step - 1e-9);
  const last = Math.floor(maximum / step + 1e-9);
  const length = last - first + 1;
  return length <= mostTicks ? Array.from({ length }, (_, index) => (first + index) * step) : [];
}

/** An axis from the first to the last of the values that are finite, exactly; about `count` ticks. */
export function exactAxis(values: readonly number[], count: number): Axis {
  const finite = values.filter(Number.isFinite);
  const low = finite.length === 0 ? 0 : finite.reduce((least, value) => Math.min(least, value));
  const high = finite.length === 0 ? 1 : finite.reduce((most, value) => Math.max(most, value));
  const [minimum, maximum] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const { step, decimals } = roundStep((maximum - minimum) / count);
  return { minimum, maximum, ticks: ticksBetween(minimum, maximum, step), decimals };
}

/** Values nearer to each other than this share of their size would fill the axis with rounding. */
const leastSpread = 1e-4;

/** Between which numbers a quantity can lie. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export const unbounded: Bounds = { least: -Infinity, most: Infinity };

/**
 * An axis around the values that are finite, with some air and ends at ticks; about `count` ticks. It ends at the bounds,
 * beyond which there can be nothing; what an error bar has beyond them is left out.
 */
export function roundAxis(values: readonly number[], count: number, { least, most }: Bounds = unbounded): Axis {
  const possible = values.filter(Number.isFinite).map((value) => Math.min(most, Math.max(least, value)));
  const { minimum, maximum } = exactAxis(possible, count);
  const spread = Math.max(maximum - minimum, leastSpread * Math.max(Math.abs(minimum), Math.abs(maximum), 1e-6));
  const { step, decimals } = roundStep(spread / count);
  const low = Math.max(least, Math.floor((minimum - 0.02 * spread) / step) * step);
  const high = Math.min(most, Math.ceil((maximum + 0.02 * spread) / step) * step);
  return { minimum: low, maximum: high, ticks: ticksBetween(low, high, step), decimals };
}

/** Where a value stands on the axis, 0…1 between its ends. */
export function shareOf({ minimum, maximum }: Axis, value: number): number {
  return (value - minimum) / (maximum - minimum);
}

/** A tick as text, with a real minus. */
export function tickText(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
