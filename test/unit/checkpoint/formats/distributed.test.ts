import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { discoverCheckpoints, fingerprintShard, openCheckpoint, type TensorLayout } from '../../../../src/checkpoint/index.js';
import { joinPieces, type Piece } from '../../../../src/checkpoint/formats/distributed/joinPieces.js';
import { shapeOf } from '../../../../src/model/recipe/index.js';
import { inTemporaryFolder } from '../../../support/inTemporaryFolder.js';
import { errorOf, filesOf, writeText } from '../../../support/weightFolders.js';

const golden = join(import.meta.dirname, '../../../goldens/distributed');

const piece = (origin: readonly number[], shape: readonly number[], start = 0): Piece => ({
  origin,
  shape,
  layout: { kind: 'stored', tensor: { name: 'w', dtype: 'F32', shape, elementCount: 1, shard: 0, start, byteLength: 4 } },
});

/** Which piece each element of a layout lies in, in reading order. */
function ownersOf(layout: TensorLayout): readonly number[] {
  if (layout.kind !== 'concatenation') return Array.from({ length: shapeOf(layout).reduce((a, b) => a * b, 1) }, () => layout.tensor.start);
  const parts = layout.of.map(ownersOf);
  const turns = shapeOf(layout.of[0]!)
    .slice(0, layout.axis)
    .reduce((a, b) => a * b, 1);
  return Array.from({ length: turns }, (_, turn) =>
    parts.flatMap((part) => part.slice((turn * part.length) / turns, ((turn + 1) * part.length) / turns)),
  ).flat();
}

describe('parts of a tensor', () => {
  const grid = fc.record({
    cuts: fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    seed: fc.nat(),
  });

  it('of any grid are joined in their places', () =>
    fc.assert(
      fc.property(grid, ({ cuts, seed }) => {
        const shape = cuts.map((sizes) => sizes.reduce((a, b) => a + b, 0));
        let boxes: { origin: number[]; shape: number[] }[] = [{ origin: [], shape: [] }];
        for (const sizes of cuts)
          boxes = boxes.flatMap((box) =>
            sizes.map((size, i) => ({
              origin: [...box.origin, sizes.slice(0, i).reduce((a, b) => a + b, 0)],
              shape: [...box.shape, size],
            })),
          );
        const pieces = boxes.map(({ origin, shape: size }, i) => piece(origin, size, i));
        const layout = joinPieces(
          [...pieces].sort((a, b) => ((a.origin[0]! * 7 + seed) % 5) - ((b.origin[0]! * 7 + seed) % 5)),
          shape,
        );
        assert.ok(layout !== null);
        const owners = ownersOf(layout);
        for (let i = 0; i < owners.length; i++) {
          const inner = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
          const place = shape.map((size, axis) => Math.floor(i / inner[axis]!) % size);
          const { origin, shape: size } = boxes[owners[i]!]!;
          assert.ok(place.every((at, axis) => at >= origin[axis]! && at < origin[axis]! + size[axis]!));
        }
      }),
    ));

  it('with a gap, an overlap, or interlocked are none', () => {
    assert.equal(joinPieces([piece([0], [2]), piece([3], [1])], [4]), null);
    assert.equal(joinPieces([piece([0], [3]), piece([2], [2])], [4]), null);
    assert.equal(joinPieces([piece([0], [3])], [4]), null);
    const pinwheel = [piece([0, 0], [1, 2]), piece([0, 2], [2, 1]), piece([2, 1], [1, 2]), piece([1, 0], [2, 1]), piece([1, 1], [1, 1])];
    assert.equal(joinPieces(pinwheel, [3, 3]), null);
  });
});

describe('folders of distributed checkpoints', () => {
  it('as accelerate leaves them beside training state are one model of their folder', () =>
    inTemporaryFolder(async (folder) => {
      const run = join(folder, 'checkpoint-500');
      await cp(join(golden, 'fsdp2'), join(run, 'pytorch_model_fsdp_0'), { recursive: true });
      await cp(join(golden, 'titan'), join(run, 'optimizer_0'), { recursive: true });
      await writeText(join(run, 'config.json'), '{}');
      assert.deepEqual((await discoverCheckpoints(folder)).paths, [run]);
      const { folder: home, tensors, scattered } = await openCheckpoint(run);
      assert.equal(home, run);
      assert.equal(tensors.length + scattered.length, 4);
      assert.match((await errorOf(join(run, 'optimizer_0'))).message, /of an optimizer/);
    }));

  it('consist of the description and the files that hold the model', async () => {
    const checkpoint = await openCheckpoint(join(golden, 'fsdp2'));
    assert.deepEqual(filesOf(checkpoint), ['.metadata', '__0_0.distcp', '__1_0.distcp', '__2_0.distcp', '__3_0.distcp']);
    assert.deepEqual(await Promise.all(checkpoint.shards.map(async (shard) => (await fingerprintShard(shard)).byteLength > 0)), [
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  it('without a file, with one of another save, or without their description say so', () =>
    inTemporaryFolder(async (folder) => {
      await cp(join(golden, 'mixed'), folder, { recursive: true });
      await cp(join(golden, 'fsdp2', '__1_0.distcp'), join(folder, '__1_0.distcp'));
      assert.match((await errorOf(folder)).message, /behind the end|another shape or dtype|ZIP archive/);
      await rm(join(folder, '__1_0.distcp'));
      assert.match((await errorOf(folder)).message, /parts in files that are not there.*__1_0\.distcp/);
      await rm(join(folder, '.metadata'));
      assert.match((await errorOf(folder)).message, /\.metadata/);
    }));

  it('are not opened file by file', async () =>
    assert.match((await errorOf(join(golden, 'fsdp2', '__0_0.distcp'))).message, /one file of a distributed checkpoint.*Name the folder/));

  it('that name files elsewhere are refused', () =>
    inTemporaryFolder(async (folder) => {
      await cp(join(golden, 'fsdp2'), folder, { recursive: true });
      const path = join(folder, '.metadata');
      const text = (await readFile(path)).toString('latin1').replaceAll('__0_0.distcp', '/etc/passwdxx');
      await writeFile(path, text, 'latin1');
      assert.match((await errorOf(folder)).message, /no place in a file of the folder|pickle is damaged/);
    }));
});
