import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bitsOf, type TensorLayout } from '../../../../src/checkpoint/index.js';
import { readContents, type FileView } from '../../../../src/checkpoint/formats/index.js';
import { chooseTensors } from '../../../../src/checkpoint/formats/distributed/chooseTensors.js';
import { parseDistributedMetadata } from '../../../../src/checkpoint/formats/distributed/distributedMetadata.js';
import { isInnerPath } from '../../../../src/checkpoint/shardIndex.js';
import { joinPieces } from '../../../../src/checkpoint/formats/distributed/joinPieces.js';
import { shapeOf } from '../../../../src/model/recipe/index.js';
import { FormatError } from '../../../../src/base/formatError.js';
import { MemoryByteSource } from '../../../support/memoryByteSource.js';
import { Random } from '../corpus/random.js';

/** Files each parser is given; FUZZ_FILES=200000 when one of them changes. */
const count = Number(process.env['FUZZ_FILES'] ?? 1500);
/** Of processor time: no file of a few kilobytes takes longer, on the slowest machine. */
const maxMilliseconds = 2000;

const seeds: readonly (readonly [format: string, ...files: readonly string[]])[] = [
  ['archives of PyTorch', 'pytorch/torch-2.15.0-zip.bin', 'pytorch/protocol5.pt', 'pytorch/lightning.ckpt', 'pytorch/python-protocol2.pt'],
  ['older files of PyTorch', 'pytorch/torch-1.13.1-legacy.bin', 'pytorch/torch-2.15.0-module-legacy.pt', 'pytorch/lightning-legacy.ckpt'],
  ['archives of arrays', 'numpy/numpy.npz', 'numpy/zipfile.npz', 'numpy/no-numbers.npz'],
  ['arrays', 'numpy/one.npy', 'numpy/other-writer.npy', 'numpy/version2.npy'],
];

/** Bytes that lengths, marks and instructions are made of. */
const telling = [0, 1, 2, 0x28, 0x2e, 0x51, 0x52, 0x62, 0x68, 0x71, 0x7f, 0x80, 0x81, 0x94, 0xfe, 0xff];

/** A few changes of a file: bytes, words, pieces that are doubled, moved or missing, and its end. */
function damage(whole: Uint8Array, random: Random): Uint8Array {
  let bytes = Uint8Array.from(whole);
  for (let change = random.below(4); change >= 0; change--) {
    const at = random.chance(0.3) ? Math.max(0, bytes.byteLength - 1 - random.below(900)) : random.below(bytes.byteLength);
    const kind = random.below(10);
    if (kind < 5) bytes[at] = random.chance(0.7) ? random.pick(telling) : random.below(256);
    else if (kind === 5)
      bytes.set(
        random
          .pick([
            [255, 255, 255, 255],
            [0, 0, 0, 0],
            [255, 255, 255, 127],
            [1, 0, 0, 0],
          ])
          .slice(0, bytes.byteLength - at),
        at,
      );
    else if (kind === 6) bytes = bytes.slice(0, Math.max(1, at));
    else bytes = splice(bytes, at, random);
  }
  return bytes;
}

/** A piece from elsewhere is put in, or a piece is taken out. */
function splice(bytes: Uint8Array, at: number, random: Random): Uint8Array<ArrayBuffer> {
  const from = random.below(bytes.byteLength);
  const piece = random.chance(0.5) ? bytes.subarray(from, from + random.below(40)) : new Uint8Array(0);
  const out = random.chance(0.5) ? random.below(20) : 0;
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + out)]));
}

function lastElement({ shape, strides, offset }: FileView): number {
  return offset + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 0);
}

/** A file is refused as one that breaks its format, or all that is said of it lies within it. */
async function check(bytes: Uint8Array, name: string): Promise<void> {
  const begun = process.cpuUsage();
  try {
    const { contents } = await readContents(new MemoryByteSource(bytes, name));
    for (const { start, byteLength } of [...contents.tensors, ...contents.views])
      assert.ok(start >= 0 && byteLength >= 0 && start + byteLength <= bytes.byteLength);
    for (const view of contents.views) assert.ok((lastElement(view) + 1) * bitsOf(view.dtype) <= view.byteLength * 8);
    const names = [...contents.tensors, ...contents.views].map((tensor) => tensor.name);
    assert.equal(new Set(names).size, names.length);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  const { user, system } = process.cpuUsage(begun);
  assert.ok((user + system) / 1000 < maxMilliseconds, 'a small file takes seconds');
}

/** What a description says of parts is a shape's worth of places in files of the folder, or it is refused. */
function checkDescription(bytes: Uint8Array): void {
  const begun = process.cpuUsage();
  try {
    const metadata = parseDistributedMetadata('.metadata', bytes);
    for (const key of chooseTensors('.metadata', metadata).names.values()) {
      const { chunks, shape } = metadata.tensors.get(key)!;
      for (const { file } of chunks) assert.ok(isInnerPath(file));
      const layout = joinPieces(
        chunks.map((chunk) => ({ ...chunk, layout: layoutOf(key, chunk.shape) })),
        shape,
      );
      if (layout !== null) assert.deepEqual(shapeOf(layout), shape);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  const { user, system } = process.cpuUsage(begun);
  assert.ok((user + system) / 1000 < maxMilliseconds, 'a small file takes seconds');
}

function layoutOf(name: string, shape: readonly number[]): TensorLayout {
  return { kind: 'stored', tensor: { name, dtype: 'F32', shape, elementCount: 1, shard: 0, start: 0, byteLength: 4 } };
}

describe('damaged files of every format', () => {
  it('descriptions of distributed checkpoints', () => {
    const wholes = ['fsdp2', 'mixed', 'titan'].map((name) =>
      readFileSync(join(import.meta.dirname, '../../../goldens/distributed', name, '.metadata')),
    );
    for (let i = 0; i < count; i++) {
      const random = new Random(i);
      checkDescription(damage(random.pick(wholes), random));
    }
  }).timeout(Math.max(20_000, count * 20));

  for (const [format, ...files] of seeds) {
    it(format, async () => {
      const wholes = files.map((file) => readFileSync(join(import.meta.dirname, '../../../goldens', file)));
      for (let i = 0; i < count; i++) {
        const random = new Random(i);
        const which = random.below(files.length);
        await check(damage(wholes[which]!, random), files[which]!).catch((error: unknown) => {
          throw new Error(`file ${i} of ${files[which]!}: ${String(error)}`, { cause: error });
        });
      }
    }).timeout(Math.max(20_000, count * 20));
  }
});
