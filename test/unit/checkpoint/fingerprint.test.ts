import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, open, readFile, stat, utimes } from 'node:fs/promises';
import { fingerprintShard, hashHeader, openCheckpoint, shardIdentities } from '../../../src/checkpoint/index.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { writeSparse } from '../../support/sparseCheckpoint.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

describe('fingerprints of weights', () => {
  const at = temporaryFolder();

  async function identity(path: string): Promise<string> {
    return (await shardIdentities(await openCheckpoint(path))).get(path)!;
  }

  /** Writes bytes into a file and gives it back its time. */
  async function overwrite(path: string, bytes: Uint8Array, position: number): Promise<void> {
    const { atimeMs, mtimeMs } = await stat(path);
    const file = await open(path, 'r+');
    await file.write(bytes, 0, bytes.byteLength, position);
    await file.close();
    await utimes(path, atimeMs / 1000, mtimeMs / 1000);
    assert.equal((await stat(path)).mtimeMs, mtimeMs);
  }

  it('of a small file are those of every byte, and of no place or time', async () => {
    const path = at('small.safetensors');
    await writeSafetensors(path, [{ name: 'x', dtype: 'U8', shape: [1000], bytes: new Uint8Array(1000).fill(7) }]);
    await utimes(path, 1e9, 1e9);
    const first = await identity(path);
    await copyFile(path, at('copy.safetensors'));
    assert.equal(await identity(at('copy.safetensors')), first);
    for (const position of [500, 999]) {
      const before = await identity(path);
      await overwrite(path, Uint8Array.of(position % 256), (await stat(path)).size - 1000 + position);
      assert.notEqual(await identity(path), before);
    }
  });

  it('of a large file see a change of any one tensor, of its header and of its length', async () => {
    const shapes = [[64, 1024, 1024], [1024, 1024], [300], [16, 1024, 1024], [1]];
    const tensors = shapes.map((shape, i) => ({ name: `tensor.${i}`, dtype: 'BF16' as const, shape }));
    const path = at('large.safetensors');
    await writeSparse(path, tensors);
    await utimes(path, 1e9, 1e9);
    const seen = [await identity(path)];
    for (const { start, byteLength } of (await openCheckpoint(path)).tensors) {
      await overwrite(
        path,
        new Uint8Array(Math.min(byteLength, 2 ** 24)).fill(seen.length),
        start + Math.max(0, Math.floor(byteLength / 4)),
      );
      seen.push(await identity(path));
    }
    await writeSparse(at('renamed.safetensors'), [{ ...tensors[0]!, name: 'other.0' }, ...tensors.slice(1)]);
    await writeSparse(at('shorter.safetensors'), tensors.slice(0, 4));
    seen.push(await identity(at('renamed.safetensors')), await identity(at('shorter.safetensors')));
    assert.equal(new Set(seen).size, seen.length);
  });

  it('that lineages keep are those of 16 pieces of 64 KiB', async () => {
    const path = at('pieces.safetensors');
    await writeSafetensors(path, [
      { name: 'x', dtype: 'U8', shape: [3_000_000], bytes: Uint8Array.from({ length: 3e6 }, (_, i) => (i * i) % 251) },
    ]);
    const [shard] = (await openCheckpoint(path)).shards;
    const bytes = await readFile(path);
    const step = (bytes.byteLength - 65536) / 15;
    const sampled = createHash('sha256');
    for (let i = 0; i < 16; i++) sampled.update(bytes.subarray(Math.floor(i * step), Math.floor(i * step) + 65536));
    const header = bytes.subarray(0, 8 + Number(bytes.readBigUInt64LE(0)));
    const headerSha256 = createHash('sha256').update(header).digest('hex');
    assert.deepEqual(await fingerprintShard(shard!), {
      file: 'pieces.safetensors',
      byteLength: bytes.byteLength,
      modifiedAt: shard!.modifiedAt,
      headerSha256,
      sampleSha256: sampled.digest('hex'),
    });
    assert.equal(await hashHeader(path), headerSha256);
  });

  it('are not kept for a file that changes at the step of a clock', async () => {
    const path = at('quick.safetensors');
    const write = (value: number) => writeSafetensors(path, [{ name: 'x', dtype: 'U8', shape: [1], bytes: Uint8Array.of(value) }]);
    const seen = new Set<string>();
    for (let value = 0; value < 20; value++) {
      await write(value);
      seen.add(await identity(path));
    }
    assert.equal(seen.size, 20);
  });
});
