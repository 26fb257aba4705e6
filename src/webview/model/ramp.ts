import { cssColor, fromOklab, mixOklab, type Oklab, type Rgb, toOklab } from './color.js';

/** A sequential colour scale as 256 CSS colours, weakest first. */
export type Ramp = readonly string[];

export interface ThemeColors {
  readonly background: Rgb;
  /** Hues of the ramp, weakest first; at least two. */
  readonly hues: readonly Rgb[];
}

const steps = 256;
/** How far the weak end stands off the background, so that a small value still shows as a cell. */
const offset = 0.09;
/** Lightness of the strong end on dark and on light backgrounds. */
const strongOnDark = 0.93;
const strongOnLight = 0.3;

/** How much of the first hue the weak end has; the rest is background. */
const weakShare = 0.45;

/**
 * A ramp from near the background to the far end of lightness, through the hues of the theme. Lightness is linear in
 * the position whatever the theme's colours are, so equal steps look equal, also to people who tell few hues apart.
 */
export function makeRamp({ background, hues }: ThemeColors): Ramp {
  const base = toOklab(background);
  const dark = base.lightness < 0.6;
  const start = base.lightness + (dark ? offset : -offset);
  const end = dark ? strongOnDark : strongOnLight;
  const [weakest = base, ...stronger] = hues.map(toOklab);
  const knots = [mixOklab(base, weakest, weakShare), ...stronger];
  return Array.from({ length: steps }, (_, step) => {
    const position = step / (steps - 1);
    return cssColor(fromOklab({ ...hueAt(knots, position), lightness: start + (end - start) * position }));
  });
}

function hueAt(knots: readonly Oklab[], position: number): Oklab {
  const along = position * (knots.length - 1);
  const before = Math.min(knots.length - 2, Math.floor(along));
  const [from, to] = [knots[before], knots[before + 1]];
  if (!from || !to) throw new RangeError('A ramp needs at least two hues.');
  return mixOklab(from, to, along - before);
}

/** The colour at a position 0…1. */
export function colorAt(ramp: Ramp, position: number): string {
  return ramp[Math.round(position * (ramp.length - 1))] ?? 'transparent';
}
