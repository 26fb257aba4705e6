import { cssColor, fromOklab, type Oklab, type Rgb, toOklab } from './color.js';

/** A sequential colour scale as 256 CSS colours, weakest first. */
export type Ramp = readonly string[];

export interface ThemeColors {
  readonly background: Rgb;
  /** Gives the middle of the ramp its hue. */
  readonly middle: Rgb;
  /** Gives the strong end of the ramp its hue. */
  readonly strong: Rgb;
}

const steps = 256;
/** How far the weak end stands off the background, so that a small value still shows as a cell. */
const offset = 0.09;
/** Lightness of the strong end on dark and on light backgrounds. */
const strongOnDark = 0.93;
const strongOnLight = 0.3;

function mix(from: Oklab, to: Oklab, share: number): Oklab {
  const between = (x: number, y: number): number => x + (y - x) * share;
  return { lightness: between(from.lightness, to.lightness), a: between(from.a, to.a), b: between(from.b, to.b) };
}

/**
 * A ramp from near the background to the far end of lightness, through the hues of the theme. Lightness is linear in
 * the position whatever the theme's colours are, so equal steps look equal, also to people who tell few hues apart.
 */
export function makeRamp({ background, middle, strong }: ThemeColors): Ramp {
  const base = toOklab(background);
  const dark = base.lightness < 0.6;
  const start = base.lightness + (dark ? offset : -offset);
  const end = dark ? strongOnDark : strongOnLight;
  const knots = [mix(base, toOklab(middle), 0.25), toOklab(middle), toOklab(strong)] as const;
  return Array.from({ length: steps }, (_, step) => {
    const position = step / (steps - 1);
    const hue = position < 0.5 ? mix(knots[0], knots[1], position * 2) : mix(knots[1], knots[2], position * 2 - 1);
    return cssColor(fromOklab({ ...hue, lightness: start + (end - start) * position }));
  });
}

/** The colour at a position 0…1. */
export function colorAt(ramp: Ramp, position: number): string {
  return ramp[Math.round(position * (ramp.length - 1))] ?? 'transparent';
}
