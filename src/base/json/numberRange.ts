/**
 * How the reference implementation's JSON reader (serde_json without `float_roundtrip`) turns the digits of a number
 * into a float64. Only one thing matters here: which numbers it refuses as out of range, because a header with such a
 * number in a field that nobody reads is refused as a whole.
 */

const largestU64 = 0xffff_ffff_ffff_ffffn;
const largestI32 = 0x7fff_ffff;
const largestPowerOfTen = 308;

interface Significand {
  readonly value: bigint;
  /** Power of ten that `value` still has to be multiplied with. */
  readonly exponent: number;
}

/** Whether a syntactically valid JSON number overflows float64, by the reference's own arithmetic. */
export function isOutOfRange(text: string): boolean {
  const [mantissa = '', written = '0'] = text.replace(/^-/, '').split(/[eE]/);
  const [integer = '', fraction = ''] = mantissa.split('.');
  const { value, exponent } = addFraction(readInteger(integer), fraction);
  const isNegative = written.startsWith('-');
  const size = exponentOf(written.replace(/^[+-]/, ''));
  if (size === null) return value !== 0n && !isNegative;
  return overflows(Number(value), clampToI32(exponent + (isNegative ? -size : size)));
}

/** Digits that no longer fit 64 bits are dropped and counted instead. */
function readInteger(digits: string): Significand {
  let value = 0n;
  for (let index = 0; index < digits.length; index++) {
    const next = value * 10n + BigInt(digits[index]!);
    if (next > largestU64) return { value, exponent: digits.length - index };
    value = next;
  }
  return { value, exponent: 0 };
}

function addFraction(integer: Significand, fraction: string): Significand {
  const skipped = integer.value === 0n ? fraction.length - fraction.replace(/^0+/, '').length : 0;
  let { value, exponent } = { value: integer.value, exponent: integer.exponent - skipped };
  for (let index = skipped; index < fraction.length; index++) {
    const next = value * 10n + BigInt(fraction[index]!);
    if (next > largestU64) break;
    value = next;
    exponent -= 1;
  }
  return { value, exponent };
}

/** Null when the exponent itself does not fit 32 bits. */
function exponentOf(digits: string): number | null {
  let exponent = 0;
  for (const digit of digits) {
    exponent = exponent * 10 + Number(digit);
    if (exponent > largestI32) return null;
  }
  return exponent;
}

function clampToI32(value: number): number {
  return Math.max(-largestI32 - 1, Math.min(largestI32, value));
}

function overflows(significand: number, exponent: number): boolean {
  if (significand === 0 || exponent < 0) return false;
  return exponent > largestPowerOfTen || !Number.isFinite(significand * Number(`1e${exponent}`));
}
