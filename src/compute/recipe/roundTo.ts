import type { RoundedDtype } from '../../model/recipe/index.js';

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Rounds each value to float32 and from there to a dtype, to nearest even. */
export function roundTo(dtype: RoundedDtype): (values: Float64Array) => void {
  switch (dtype) {
    case 'F32':
      return (values) => {
        for (let i = 0; i < values.length; i++) values[i] = Math.fround(values[i]!);
      };
    case 'BF16':
      return (values) => {
        for (let i = 0; i < values.length; i++) values[i] = roundToBFloat16(values[i]!);
      };
    case 'F16':
      return (values) => {
        for (let i = 0; i < values.length; i++) values[i] = roundToFloat16(values[i]!);
      };
    default:
      return dtype satisfies never;
  }
}

/** Rounds what float32 holds already, in place, each time that it is called. */
export function roundSingles(dtype: RoundedDtype, values: Float32Array): () => void {
  if (dtype === 'F32') return () => undefined;
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  if (dtype === 'F16')
    return () => {
      for (let i = 0; i < values.length; i++) values[i] = roundToFloat16(values[i]!);
    };
  return () => {
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      if ((word & 0x7fffffff) <= 0x7f800000) words[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
    }
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

/** For each exponent of a float32 the number whose last digit, as float64, is worth one unit of float16 there. */
const anchors = Float64Array.from({ length: 256 }, (_, exponent) => 1.5 * 2 ** (Math.max(exponent - 127, -14) - 10 + 52));

/** Adding and taking away a number whose last digit is worth one unit of float16 there rounds to that unit, to even. */
function roundToFloat16(value: number): number {
  const single = Math.fround(value);
  const size = Math.abs(single);
  if (!(size < overflowsFrom)) return size === Infinity || Number.isNaN(single) ? single : Math.sign(single) * Infinity;
  float[0] = size;
  const anchor = anchors[bits[0]! >>> 23]!;
  const rounded = Math.min(size + anchor - anchor, largestFloat16);
  return single < 0 || Object.is(single, -0) ? -rounded : rounded;
}
