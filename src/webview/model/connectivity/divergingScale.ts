import { cssColor, fromOklab, inkOn, mixOklab, type Rgb, toOklab } from '../color.js';

/** Colours of a scale with a middle. Blue and orange stay apart for people who tell red and green apart badly. */
export interface DivergingColors {
  readonly middle: Rgb;
  readonly worse: Rgb;
  readonly better: Rgb;
}

export interface PaintedCell {
  readonly fill: string;
  /** Black or white, whichever reads better on the fill. */
  readonly ink: string;
}

/** Even the faintest deviation shows on which side it is. */
const leastShare = 0.08;
const mostShare = 0.9;

/** The colours of a deviation −1 (worst) … 1 (best). */
export function paintDeviation({ middle, worse, better }: DivergingColors, deviation: number): PaintedCell {
  const clamped = Math.max(-1, Math.min(1, deviation));
  const share = clamped === 0 ? 0 : leastShare + (mostShare - leastShare) * Math.abs(clamped);
  const color = fromOklab(mixOklab(toOklab(middle), toOklab(clamped < 0 ? worse : better), share));
  return { fill: cssColor(color), ink: inkOn(color) };
}
