import { truncate, writeFile } from 'node:fs/promises';
import type { Tensor } from '../../src/checkpoint/index.js';
import { bitsOf } from '../../src/checkpoint/index.js';
import { buildRawSafetensors } from './safetensorsFile.js';

/** Writes a file whose tensors are all zeros and take no room on the disk: large inputs within milliseconds. */
export async function writeSparse(path: string, tensors: readonly Pick<Tensor, 'name' | 'dtype' | 'shape'>[]): Promise<void> {
  let offset = 0;
  const entries = tensors.map(({ name, dtype, shape }) => {
    const start = offset;
    offset += (shape.reduce((product, size) => product * size, 1) * bitsOf(dtype)) / 8;
    return [name, { dtype, shape, data_offsets: [start, offset] }] as const;
  });
  const header = buildRawSafetensors(JSON.stringify(Object.fromEntries(entries)));
  await writeFile(path, header);
  await truncate(path, header.byteLength + offset);
}
