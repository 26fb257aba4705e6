import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSparse } from '../../support/sparseCheckpoint.js';

/** Bytes of each version: enough that writing a combination has a middle. */
const byteLength = 2e9;

/** Writes `big-base`, `big-tuned` and `big-target` below a folder: zeros that take no disk, in matrices of 4 MB. */
export async function writeLargeFamily(folder: string): Promise<void> {
  const count = Math.round(byteLength / 4e6);
  const tensors = Array.from({ length: count }, (_, layer) => ({
    name: `model.layers.${layer}.mlp.weight`,
    dtype: 'BF16' as const,
    shape: [2000, 1000],
  }));
  for (const name of ['big-base', 'big-tuned', 'big-target']) {
    mkdirSync(join(folder, name), { recursive: true });
    await writeSparse(join(folder, name, 'model.safetensors'), tensors);
  }
}
