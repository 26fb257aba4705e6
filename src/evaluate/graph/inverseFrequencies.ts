import type { Rope, RopeScaling } from '../../model/architecture/index.js';

/** Angle per position of each rotated pair, and a factor on cosines and sines. */
export interface RotaryFrequencies {
  readonly frequencies: Float32Array;
  readonly factor: number;
}

type Scaling<Kind extends RopeScaling['kind']> = Extract<RopeScaling, { kind: Kind }>;

/**
 * Frequencies for sequences of this length, in float32. Only `longrope` depends on the length.
 *
 * Sources: RoFormer (arXiv 2104.09864), YaRN (2309.00071), LongRoPE (2402.13753); `llama3` as Llama 3.1 published it.
 */
export function inverseFrequencies(rope: Rope, length: number): RotaryFrequencies {
  const { scaling } = rope;
  const plain = plainFrequencies(rope);
  switch (scaling.kind) {
    case 'none':
      return { frequencies: plain, factor: 1 };
    case 'linear':
      return { frequencies: plain.map((frequency) => frequency / scaling.factor), factor: 1 };
    case 'llama3':
      return { frequencies: plain.map((frequency) => llama3(frequency, scaling)), factor: 1 };
    case 'yarn':
      return { frequencies: yarn(plain, rope, scaling), factor: scaling.attentionFactor };
    case 'longrope':
      return { frequencies: longRope(rope, length > scaling.original ? scaling.long : scaling.short), factor: scaling.attentionFactor };
    default:
      return scaling satisfies never;
  }
}

function plainFrequencies(rope: Rope): Float32Array {
  return wavelengths(rope).map((wavelength) => 1 / wavelength);
}

/** θ^(2i/size), without the 2π. */
function wavelengths({ size, theta }: Rope): Float32Array {
  return Float32Array.from({ length: size / 2 }, (_, i) => theta ** Math.fround((2 * i) / size));
}

/** Long wavelengths are stretched, short ones kept, those between interpolated. */
function llama3(frequency: number, { factor, lowFrequencyFactor, highFrequencyFactor, original }: Scaling<'llama3'>): number {
  const turns = (original * frequency) / (2 * Math.PI);
  if (turns > highFrequencyFactor) return frequency;
  if (turns < lowFrequencyFactor) return frequency / factor;
  const smooth = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
  return (1 - smooth) * (frequency / factor) + smooth * frequency;
}

/** As `llama3`, with a linear ramp over the pairs. */
function yarn(
  plain: Float32Array,
  { size, theta }: Rope,
  { factor, betaFast, betaSlow, truncate, original }: Scaling<'yarn'>,
): Float32Array {
  const pairOf = (turns: number) => (size * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(truncate ? Math.floor(pairOf(betaFast)) : pairOf(betaFast), 0);
  const high = Math.min(truncate ? Math.ceil(pairOf(betaSlow)) : pairOf(betaSlow), size - 1);
  const span = high === low ? 0.001 : high - low;
  return plain.map((frequency, pair) => {
    const stretched = Math.min(Math.max((pair - low) / span, 0), 1);
    return (frequency / factor) * stretched + frequency * (1 - stretched);
  });
}

function longRope(rope: Rope, factors: readonly number[]): Float32Array {
  return wavelengths(rope).map((wavelength, pair) => 1 / (Math.fround(factors[pair]!) * wavelength));
}
