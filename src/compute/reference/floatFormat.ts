/** How the bits of a small floating-point type are divided, and what its largest exponent means. */
export interface FloatFormat {
  readonly exponentBits: number;
  readonly fractionBits: number;
  /** `ieee`: the largest exponent holds infinity and NaN. `finite`: it holds numbers, only all ones is NaN. */
  readonly specials: 'ieee' | 'finite';
}

export const float16: FloatFormat = { exponentBits: 5, fractionBits: 10, specials: 'ieee' };
export const bfloat16: FloatFormat = { exponentBits: 8, fractionBits: 7, specials: 'ieee' };
/** OCP 8-bit Floating Point Specification (OFP8) revision 1.0, table 1. */
export const float8E5M2: FloatFormat = { exponentBits: 5, fractionBits: 2, specials: 'ieee' };
/** As above; called `float8_e4m3fn` elsewhere: no infinities. */
export const float8E4M3: FloatFormat = { exponentBits: 4, fractionBits: 3, specials: 'finite' };

const tables = new Map<FloatFormat, Float64Array>();

/** Values of all stored numbers of a format, by their bits: worked out once, then looked up. */
export function valuesOf(format: FloatFormat): Float64Array {
  const known = tables.get(format);
  if (known !== undefined) return known;
  const width = 1 + format.exponentBits + format.fractionBits;
  const table = Float64Array.from({ length: 2 ** width }, (_, bits) => valueOfBits(format, bits));
  tables.set(format, table);
  return table;
}

/** Value of one stored number, exactly. */
function valueOfBits(format: FloatFormat, bits: number): number {
  const { exponentBits, fractionBits } = format;
  const fraction = bits & ((1 << fractionBits) - 1);
  const exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
  const sign = bits >> (fractionBits + exponentBits) === 0 ? 1 : -1;
  const special = specialValue(format, exponent, fraction);
  if (special !== null) return sign * special;
  const bias = (1 << (exponentBits - 1)) - 1;
  const significand = fraction / (1 << fractionBits) + (exponent === 0 ? 0 : 1);
  return sign * significand * 2 ** (Math.max(exponent, 1) - bias);
}

function specialValue(format: FloatFormat, exponent: number, fraction: number): number | null {
  if (exponent !== (1 << format.exponentBits) - 1) return null;
  if (format.specials === 'ieee') return fraction === 0 ? Infinity : NaN;
  return fraction === (1 << format.fractionBits) - 1 ? NaN : null;
}
