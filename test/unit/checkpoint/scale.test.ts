import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint } from '../../../src/checkpoint/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { buildRawSafetensors } from '../../support/safetensorsFile.js';

const tensorCount = 100_000;
const bytesEach = 2 * 64 * 64;

function headerOfManyTensors(): string {
  const entry = (index: number): string => {
    const offset = index * bytesEach;
    return `"model.layers.${Math.floor(index / 1000)}.mlp.experts.${index % 1000}.gate_proj.weight":{"dtype":"BF16","shape":[64,64],"data_offsets":[${offset},${offset + bytesEach}]}`;
  };
  return `{${Array.from({ length: tensorCount }, (_, index) => entry(index)).join(',')}}`;
}

describe('a checkpoint of 100,000 tensors', () => {
  it('opens in at most six times what JSON.parse takes for its header alone', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'model.safetensors');
      const header = headerOfManyTensors();
      const start = buildRawSafetensors(header);
      await writeFile(path, start);
      await truncate(path, start.byteLength + tensorCount * bytesEach);
      const parsing = await fastest(() => Promise.resolve(JSON.parse(header)));
      const opening = await fastest(async () => {
        const { tensors, findings } = await openCheckpoint(path);
        assert.deepEqual([tensors.length, findings], [tensorCount, []]);
      });
      assert.ok(opening < 6 * parsing, `${opening} ms against ${parsing} ms`);
    }));
});

/** Milliseconds of the fastest of four runs. */
async function fastest(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 4; run++) {
    const started = performance.now();
    await action();
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}
