import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openModel } from '../../../../src/model/index.js';

/** A tensor of a small file, in memory. */
export interface LoadedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bytes: ArrayBuffer;
}

export const goldens = join(__dirname, '../../../goldens/evaluate');

/** All tensors of a safetensors file, by name. */
export async function loadTensors(path: string): Promise<ReadonlyMap<string, LoadedTensor>> {
  const { tensors } = await openModel(path);
  const file = readFileSync(path);
  return new Map(
    tensors.map(({ name, shape, start, byteLength }) => {
      const bytes = new Uint8Array(file.subarray(start, start + byteLength)).buffer;
      return [name, { name, shape, bytes }];
    }),
  );
}

/** The parsed config.json of a golden. */
export function loadConfig(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(goldens, name, 'config.json'), 'utf8')) as Record<string, unknown>;
}
