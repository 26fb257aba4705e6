import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dtype } from '../../../src/checkpoint/index.js';
import type { TensorDetail } from '../../../src/compare/index.js';
import { EngineClient } from '../../../src/engine/index.js';
import { writeSparse } from '../../support/sparseCheckpoint.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const modulePath = join(__dirname, '../../..', 'dist', 'engine.js');
const maxBytes = 300e6;
/** Three seconds of two processors. */
const maxProcessorSeconds = 6;

/** Largest resident set of a process so far in bytes, and its processor time; null where the system does not say. */
function costOf(processId: number): { readonly peak: number; readonly processorSeconds: number } | null {
  const folder = `/proc/${processId}`;
  if (!existsSync(folder)) return null;
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`${folder}/status`, 'utf8'))![1]) * 1024;
  const [user, system] = readFileSync(`${folder}/stat`, 'utf8').replace(/^.*\)/, '').trim().split(' ').slice(11, 13);
  return { peak, processorSeconds: (Number(user) + Number(system)) / 100 };
}

/** As bitsandbytes stores a matrix, and as FSDP stores a model: tens of millions of rows of one value each. */
describe('detail of a tensor of one column', () => {
  const at = temporaryFolder();

  /** Two files of zeros, the second with `bytes` at the end of its value number `position`. */
  async function writePair(dtype: Dtype, shape: readonly number[], position: number, bytes: readonly number[]): Promise<void> {
    for (const file of ['a.safetensors', 'b.safetensors']) await writeSparse(at(file), [{ name: 'x', dtype, shape }]);
    const file = await open(at('b.safetensors'), 'r+');
    const { size } = await file.stat();
    const count = shape.reduce((product, length) => product * length, 1);
    await file.write(Buffer.from(bytes), 0, bytes.length, size - (count - position) * bytes.length);
    await file.close();
  }

  async function detailInBounds(): Promise<TensorDetail> {
    const client = new EngineClient({ modulePath });
    try {
      const detail = await client.request('diff/tensor', { a: at('a.safetensors'), b: at('b.safetensors'), nameA: 'x', nameB: 'x' });
      const cost = costOf(client.processId!);
      assert.ok(cost === null || (cost.peak < maxBytes && cost.processorSeconds < maxProcessorSeconds), JSON.stringify(cost));
      return detail;
    } finally {
      client.dispose();
    }
  }

  for (const [title, dtype, shape, position, bytes] of [
    ['[29360128, 1] codes', 'U8', [29_360_128, 1], 29_360_123, [2]],
    ['40,000,003 values in a row', 'F32', [40_000_003], 39_999_999, [0, 0, 0, 0x40]],
  ] as const) {
    it(`${title}: below 3 s and 300 MB, and finds the one that changed`, async () => {
      await writePair(dtype, shape, position, bytes);
      const { changedRows, statistics, picture, rowNorms } = await detailInBounds();
      assert.deepEqual(changedRows, [{ row: position, normDelta: 2, relativeChange: Infinity, token: null }]);
      assert.deepEqual([statistics.changedCount, statistics.maxAbsDeltaIndex], [1, position]);
      assert.deepEqual([picture.rowCount, picture.columnCount, rowNorms.length], [shape[0], 1, 2048]);
    });
  }
});
