/** Colours as CSS writes them, and in OKLab, where equal steps look equally large. */

export interface Rgb {
  /** 0…1 each, sRGB. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** Björn Ottosson's OKLab (2020): lightness 0…1, and two opponent axes. */
export interface Oklab {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

function parseHex(text: string): Rgb | null {
  const digits = /^#([0-9a-f]{3,8})$/i.exec(text)?.[1];
  if (digits === undefined) return null;
  const size = digits.length < 6 ? 1 : 2;
  const channel = (index: number): number => {
    const part = digits.slice(index * size, (index + 1) * size);
    return parseInt(size === 1 ? part + part : part, 16) / 255;
  };
  return { red: channel(0), green: channel(1), blue: channel(2) };
}

function parseRgbFunction(text: string): Rgb | null {
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text);
  if (!parts) return null;
  const channel = (index: number): number => Math.min(255, Number(parts[index])) / 255;
  return { red: channel(1), green: channel(2), blue: channel(3) };
}

/** The colour of `#rgb`, `#rrggbb`, `rgb()` or `rgba()`, the forms in which VS Code hands out theme colours; alpha is ignored. */
export function parseColor(text: string): Rgb | null {
  return parseHex(text.trim()) ?? parseRgbFunction(text.trim());
}

function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function toGamma(channel: number): number {
  const clamped = Math.min(1, Math.max(0, channel));
  return clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
}

export function toOklab({ red, green, blue }: Rgb): Oklab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    lightness: 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    a: 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    b: 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  };
}

/** Colours outside sRGB are clipped to it. */
export function fromOklab({ lightness, a, b }: Oklab): Rgb {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    red: toGamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    green: toGamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    blue: toGamma(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  };
}

/** The colour at a share 0…1 of the way between two. */
export function mixOklab(from: Oklab, to: Oklab, share: number): Oklab {
  const between = (x: number, y: number): number => x + (y - x) * share;
  return { lightness: between(from.lightness, to.lightness), a: between(from.a, to.a), b: between(from.b, to.b) };
}

/** Relative luminance of WCAG 2.2, 0…1. */
export function luminanceOf({ red, green, blue }: Rgb): number {
  return 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
}

/** Black or white, whichever has the larger contrast ratio to a colour: at least 4.5 to any. */
export function inkOn(color: Rgb): '#000' | '#fff' {
  const luminance = luminanceOf(color);
  const [onBlack, onWhite] = [(luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05)];
  return onBlack >= onWhite ? '#000' : '#fff';
}

/** `rgb(12 34 56)`. */
export function cssColor({ red, green, blue }: Rgb): string {
  const [r, g, b] = [red, green, blue].map((channel) => Math.round(channel * 255));
  return `rgb(${r} ${g} ${b})`;
}
