import type { Rope } from '../../model/architecture/index.js';
import type { PositionInput } from './modelGraph.js';
import { inverseFrequencies } from './inverseFrequencies.js';

/** Names of the graph inputs. */
export const cosines = 'cosines';
export const sines = 'sines';

/**
 * Cosines and sines of positions 0 … length − 1, each [length, rope.size / 2].
 *
 * Angles are rounded to float32 as PyTorch's are, so that far positions get the same values.
 */
export function rotaryTables(rope: Rope, length: number): PositionInput[] {
  const { frequencies, factor } = inverseFrequencies(rope, length);
  const dims = [length, frequencies.length];
  const cosine = new Float32Array(length * frequencies.length);
  const sine = new Float32Array(length * frequencies.length);
  for (let position = 0, at = 0; position < length; position++) {
    for (const frequency of frequencies) {
      const angle = Math.fround(position * frequency);
      cosine[at] = Math.cos(angle) * factor;
      sine[at++] = Math.sin(angle) * factor;
    }
  }
  return [
    { input: cosines, dims, data: cosine },
    { input: sines, dims, data: sine },
  ];
}
