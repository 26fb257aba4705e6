import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileByteSource } from '../../../src/checkpoint/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { FileAccessError } from '../../../src/base/formatError.js';

async function withSource(bytes: Uint8Array, use: (source: FileByteSource, path: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, 'file');
    await writeFile(path, bytes);
    const source = await FileByteSource.open(path);
    await use(source, path).finally(() => source.close());
  });
}

describe('file byte source', () => {
  it('returns exactly the bytes asked for', () =>
    withSource(Uint8Array.of(0, 1, 2, 3, 4), async (source) => {
      assert.deepEqual(await source.read(1, 4), Uint8Array.of(1, 2, 3));
      assert.deepEqual(await source.read(5, 5), new Uint8Array(0));
      assert.equal(source.byteLength, 5);
    }));

  it('refuses ranges outside the file', () =>
    withSource(new Uint8Array(5), async (source) => {
      for (const [start, end] of [
        [0, 6],
        [-1, 2],
        [3, 2],
        [Number.NaN, 2],
      ] as const)
        await assert.rejects(source.read(start, end), RangeError);
    }));

  it('says so when the file became shorter, instead of returning fewer bytes', () =>
    withSource(new Uint8Array(100), async (source, path) => {
      await truncate(path, 40);
      await assert.rejects(source.read(0, 100), (error) => {
        assert.ok(error instanceof FileAccessError);
        assert.match(error.message, /file became shorter while it was read\. Expected 100 bytes\. Found 40 bytes\. Wait until/);
        return true;
      });
      assert.equal((await source.read(0, 40)).byteLength, 40);
    }));

  it('stops when it is cancelled', () =>
    withSource(new Uint8Array(5), (source) => assert.rejects(source.read(0, 5, AbortSignal.abort(new Error('cancelled'))), /cancelled/)));
});
