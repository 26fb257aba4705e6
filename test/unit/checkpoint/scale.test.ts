import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../../src/model/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { buildRawSafetensors } from '../../support/safetensorsFile.js';
import { leastBelow, milliseconds } from '../../support/stopwatch.js';

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
      const ratio = await leastBelow(6, async () => {
        const parsing = await milliseconds(() => JSON.parse(header) as unknown);
        const opening = await milliseconds(async () => {
          const { tensors, findings } = await openModel(path);
          assert.deepEqual([tensors.length, findings], [tensorCount, []]);
        });
        return opening / parsing;
      });
      assert.ok(ratio < 6, `${ratio} times`);
    }));
});
