import type { SliceSource } from './sliceReader.js';
import type { Kernels } from './kernels.js';
import type { SlicePair } from './task.js';

/** Reads a slice pair into the kernels' inputs. The same bytes on both sides are read once. */
export function readInputs({ a, b }: SlicePair, kernels: Kernels, reader: SliceSource): { a: Uint8Array; b: Uint8Array } {
  const inputs = kernels.inputs(a.byteLength, (b ?? a).byteLength);
  reader.read(a, inputs.a);
  if (b) reader.read(b, inputs.b);
  else inputs.b.set(inputs.a);
  return inputs;
}
