import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { geometryFrom, geometryByteLength, measureGeometry } from '../../../src/connectivity/line/geometry.js';
import type { ConnectivityProgress, LinePath, LineRequest } from '../../../src/connectivity/index.js';
import { writeFamily } from '../../support/combineFamily.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { lineRequest } from './support/requests.js';

const path: LinePath = { kind: 'sweep', finetuned: 'finetuned', base: 'base', target: 'target' };

/** Values of a family's BF16 tensors, read without the project's own code. */
async function valuesOf(file: string): Promise<number[]> {
  const bytes = await readFile(file);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  return Object.values(header)
    .filter(({ dtype }) => dtype === 'BF16')
    .flatMap(({ data_offsets: [from, to] }) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset + 8 + headerLength + from, to - from);
      return Array.from({ length: (to - from) / 2 }, (_, i) => {
        const bits = new DataView(new ArrayBuffer(4));
        bits.setUint32(0, view.getUint16(2 * i, true) * 65536);
        return bits.getFloat32(0);
      });
    });
}

describe('geometry of three versions', () => {
  const at = temporaryFolder();
  const inputs = () => ['base', 'finetuned', 'target'].map((role) => ({ role, path: at(role), expect: 'checkpoint' as const }));
  const request = (of: LinePath, choices: Partial<LineRequest['choices']> = {}) => {
    const base = lineRequest();
    return { path: of, inputs: inputs(), choices: { ...base.choices, ...choices } };
  };

  it('has the norms and the cosine that the values have', async () => {
    await writeFamily(at(), 3, 4096);
    const [base, finetuned, target] = await Promise.all(
      ['base', 'finetuned', 'target'].map((role) => valuesOf(at(role, 'model.safetensors'))),
    );
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const delta = base!.map((value, i) => finetuned![i]! - value);
    const shift = base!.map((value, i) => target![i]! - value);
    const progress: ConnectivityProgress[] = [];
    const found = await measureGeometry(request(path), { onProgress: (state) => progress.push(state) });
    const [norm, deltaNorm] = [shift, delta].map((values) => Math.sqrt(sum(values.map((value) => value ** 2)))) as [number, number];
    assert.ok(Math.abs(found.targetMinusBase! / norm - 1) < 1e-6);
    assert.ok(Math.abs(found.diffVector! / deltaNorm - 1) < 1e-6);
    assert.ok(Math.abs(found.cosine! - sum(delta.map((value, i) => value * shift[i]!)) / norm / deltaNorm) < 1e-6);
    const last = progress.at(-1)!;
    assert.ok(last.doneBytes <= last.totalBytes && last.totalBytes === (await geometryByteLength(path, inputs())));
    assert.equal(last.totalBytes, 6 * (3 * 4096 * 2 + 8));
  });

  it('of two versions is their distance', async () => {
    const ends: LinePath = { kind: 'interpolate', a: 'base', b: 'target' };
    const { targetMinusBase, diffVector, cosine } = await measureGeometry(request(ends), {});
    assert.ok(targetMinusBase! > 0);
    assert.deepEqual([diffVector, cosine], [null, null]);
  });

  it('is that of the chosen tensors alone', async () => {
    const [all, first, rest, none] = await Promise.all(
      [{}, { include: ['*.0.*'] }, { exclude: ['*.0.*'] }, { include: ['*'], exclude: ['*'] }].map((choices) =>
        measureGeometry(request(path, choices), {}),
      ),
    );
    for (const side of ['diffVector', 'targetMinusBase'] as const) {
      assert.ok(first![side]! > 0 && first![side]! < all![side]!);
      assert.ok(Math.abs(Math.hypot(first![side]!, rest![side]!) / all![side]! - 1) < 1e-6);
    }
    assert.deepEqual(none, { targetMinusBase: null, diffVector: null, cosine: null });
  });

  it('has no cosine where a side is 0, missing, or lost beside the other', () => {
    assert.equal(geometryFrom([3, 4, 5]).cosine, 0);
    assert.equal(geometryFrom([1, 1, 0]).cosine, 1);
    assert.equal(geometryFrom([1, 1, 2.0000001]).cosine, -1);
    for (const sides of [
      [0, 1, 1],
      [1, 1e5, 1e5],
      [1, null, 1],
      [1, NaN, 1],
    ])
      assert.equal(geometryFrom(sides).cosine, null, String(sides));
  });

  it('names a model that the path needs and nobody gave', async () => {
    await assert.rejects(
      measureGeometry({ ...request(path), inputs: inputs().slice(0, 2) }, {}),
      /The path names "target", but no model was given/,
    );
  });
});
