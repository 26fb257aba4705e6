import type { Family } from './family.js';
import { llamaLike } from './llamaNames.js';
import { otherFamilies } from './otherNames.js';

/** Tables that the converter computes: no parameters of the model. */
export const tables: ReadonlySet<string> = new Set(['rope_freqs', 'rope_factors_long', 'rope_factors_short', 'attn_rot_embd']);

const byArchitecture = new Map(
  [...llamaLike, ...otherFamilies].flatMap((family) => family.architectures.map((architecture) => [architecture, family] as const)),
);

/** @returns null for architectures whose names are not known here */
export function familyOf(architecture: string): Family | null {
  return byArchitecture.get(architecture) ?? null;
}
