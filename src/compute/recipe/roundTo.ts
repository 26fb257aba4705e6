import type { RoundedDtype } from '../../model/recipe/index.js';

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Rounds each value to float32 and from there to a dtype, to nearest even. */
export function roundTo(dtype: RoundedDtype): (values: Float64Array) => void {
  const round = { F32: Math.fround, BF16: roundToBFloat16, F16: roundToFloat16 }[dtype];
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = round(values[i]!);
  };
}

/** Half of the dropped digits, and one more where the last kept digit is odd, carry over as rounding to even does. */
function roundToBFloat16(value: number): number {
  float[0] = value;
  const whole = bits[0]!;
  if (Number.isNaN(value)) return value;
  bits[0] = (whole + 0x7fff + ((whole >>> 16) & 1)) & 0xffff0000;
  return float[0];
}

const largestFloat16 = 65504;
/** Halfway to the next number that float16 would have. */
const overflowsFrom = 65520;

/** Adding and taking away a number whose last digit is worth one unit of float16 there rounds to that unit, to even. */
function roundToFloat16(value: number): number {
  const single = Math.fround(value);
  const size = Math.abs(single);
  if (!(size < overflowsFrom)) return size === Infinity || Number.isNaN(single) ? single : Math.sign(single) * Infinity;
  float[0] = size;
  const exponent = Math.max((bits[0]! >>> 23) - 127, -14);
  const anchor = 1.5 * 2 ** (exponent - 10 + 52);
  const rounded = Math.min(size + anchor - anchor, largestFloat16);
  return single < 0 || Object.is(single, -0) ? -rounded : rounded;
}
