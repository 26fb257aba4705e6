import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { modifiedAtOf } from '../../../../src/base/modifiedAt.js';
import type { StorageDtype } from '../../../../src/compute/index.js';
import { ProductComparer } from '../../../../src/compute/products/index.js';
import { decodeToFloat64, encodeFromFloat64 } from '../../../../src/compute/reference/index.js';
import { SliceReader } from '../../../../src/compute/sliceReader.js';
import type { ProductMatrix, ProductSums } from '../../../../src/compute/task.js';
import type { Recipe } from '../../../../src/model/recipe/index.js';
import { inTemporaryFolder } from '../../../support/inTemporaryFolder.js';

/** A small generator: values around zero, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) | 0;
    return ((state >>> 0) / 2 ** 31 - 1) * (1 + (state & 7));
  };
}

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

function matrix(rows: number, columns: number, valueAt: (row: number, column: number) => number): Matrix {
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, (_, i) => valueAt(Math.floor(i / columns), i % columns)) };
}

function times(b: Matrix, a: Matrix, scale = 1): Matrix {
  return matrix(b.rows, a.columns, (row, column) => {
    let sum = 0;
    for (let k = 0; k < b.columns; k++) sum += b.values[row * b.columns + k]! * a.values[k * a.columns + column]!;
    return scale * sum;
  });
}

interface Product {
  readonly b: Matrix;
  readonly a: Matrix;
  readonly scale: number;
}

/** What is found of two lists of products, whose factors are stored as a dtype. */
async function compare(
  ones: readonly Product[],
  others: readonly Product[],
  dtype: StorageDtype = 'F64',
  turned = false,
): Promise<ProductSums> {
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, 'factors');
    const chunks: Uint8Array[] = [];
    let start = 0;
    const stored = (source: Matrix): Recipe => {
      const isTurned = turned && source.rows > source.columns;
      const { rows, columns, values } = isTurned
        ? matrix(source.columns, source.rows, (r, c) => source.values[c * source.columns + r]!)
        : source;
      const bytes = encodeFromFloat64(dtype, values);
      chunks.push(bytes);
      const tensor = {
        name: `t${start}`,
        dtype,
        shape: [rows, columns],
        elementCount: rows * columns,
        shard: 0,
        start,
        byteLength: bytes.byteLength,
      };
      start += bytes.byteLength;
      return isTurned ? { kind: 'transposed', of: { kind: 'stored', tensor } } : { kind: 'stored', tensor };
    };
    const matricesOf = (products: readonly Product[]): ProductMatrix[] =>
      products.map(({ b, a, scale }) => ({ b: stored(b), a: stored(a), scale }));
    const [one, other] = [matricesOf(ones), matricesOf(others)];
    await writeFile(path, Buffer.concat(chunks));
    const { size, mtimeNs } = await stat(path, { bigint: true });
    const files = { 0: { path, byteLength: Number(size), modifiedAt: modifiedAtOf({ mtimeNs }) } };
    return new ProductComparer(new SliceReader()).compare({ a: { matrices: one, files }, b: { matrices: other, files } });
  });
}

function reference(ones: readonly Product[], others: readonly Product[]): Omit<ProductSums, 'isFinite' | 'sameFactors'> {
  const sums = { sumSquaresA: 0, sumSquaresB: 0, sumProducts: 0, sumSquaresDelta: 0 };
  for (const [i, { b, a, scale }] of ones.entries()) {
    const [one, other] = [times(b, a, scale).values, times(others[i]!.b, others[i]!.a, others[i]!.scale).values];
    for (const [place, x] of one.entries()) {
      const y = other[place]!;
      sums.sumSquaresA += x * x;
      sums.sumSquaresB += y * y;
      sums.sumProducts += x * y;
      sums.sumSquaresDelta += (y - x) ** 2;
    }
  }
  return sums;
}

/** Norms agree up to a part of the larger one. */
function assertSums(found: ProductSums, expected: ReturnType<typeof reference>, tolerance: number): void {
  const size = Math.sqrt(Math.max(expected.sumSquaresA, expected.sumSquaresB));
  for (const field of ['sumSquaresA', 'sumSquaresB', 'sumSquaresDelta'] as const) {
    const error = Math.abs(Math.sqrt(Math.max(0, found[field])) - Math.sqrt(expected[field]));
    assert.ok(error <= tolerance * size, `${field}: ${found[field]}, not ${expected[field]}`);
  }
  assert.ok(Math.abs(found.sumProducts - expected.sumProducts) <= tolerance * size * size);
}

function product(rows: number, rank: number, columns: number, seed: number, scale = 2): Product {
  const next = random(seed);
  return { b: matrix(rows, rank, next), a: matrix(rank, columns, next), scale };
}

describe('products compared by their factors', () => {
  it('any shapes and ranks: as the formed matrices', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    const rank = fc.integer({ min: 1, max: 9 });
    await fc.assert(
      fc.asyncProperty(size, size, rank, rank, fc.nat(1000), fc.boolean(), async (rows, columns, one, other, seed, turned) => {
        const [a, b] = [product(rows, one, columns, seed), product(rows, other, columns, seed + 1, -0.5)];
        assertSums(await compare([a], [b], 'F64', turned), reference([a], [b]), 1e-8);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('panels of every length: wide and tall factors', async () => {
    for (const [rows, rank, columns] of [
      [9001, 5, 3],
      [7, 3, 8195],
      [2049, 33, 1023],
    ] as const) {
      const [a, b] = [product(rows, rank, columns, 5), product(rows, 2, columns, 6)];
      assertSums(await compare([a], [b]), reference([a], [b]), 1e-10);
    }
  });

  it('the same product in another basis, rank and scale has a norm of Δ that is rounding, also where the basis is bad', async () => {
    for (const badness of [1, 5, 20]) {
      const one = product(300, 6, 200, 11);
      const turn = matrix(6, 6, (r, c) => (r === c ? 1 : r < c ? badness * Math.sin(r + 2 * c) : 0));
      const unturn = inverseOfUnitTriangle(turn);
      const other = { b: times(one.b, turn), a: times(unturn, one.a), scale: one.scale };
      const padded = {
        b: matrix(300, 8, (r, c) => (c < 6 ? other.b.values[r * 6 + c]! / 2 : 0)),
        a: matrix(8, 200, (r, c) => (r < 6 ? other.a.values[r * 200 + c]! * 2 : 3)),
        scale: one.scale,
      };
      for (const same of [other, padded]) {
        const sums = await compare([one], [same]);
        const expected = reference([one], [same]);
        assertSums(sums, expected, 1e-9 * badness ** 2);
        assert.equal(sums.sameFactors, false);
      }
    }
  });

  it('a Δ that is far smaller than the products keeps its digits', async () => {
    const one = product(200, 4, 150, 21);
    const nearly = { ...one, a: matrix(4, 150, (r, c) => one.a.values[r * 150 + c]! * (1 + 1e-7 * Math.sin(r * c))) };
    const [found, expected] = [await compare([one], [nearly]), reference([one], [nearly])];
    assert.ok(
      Math.abs(found.sumSquaresDelta / expected.sumSquaresDelta - 1) < 1e-6,
      `${found.sumSquaresDelta}, not ${expected.sumSquaresDelta}`,
    );
  });

  it('in every dtype of factors; equal factors are told', async () => {
    for (const dtype of ['BF16', 'F16', 'F32'] as const) {
      const rounded = (source: Product): Product => ({ ...source, b: stored(source.b, dtype), a: stored(source.a, dtype) });
      const [a, b] = [rounded(product(50, 4, 60, 1)), rounded(product(50, 4, 60, 2))];
      assertSums(await compare([a], [b], dtype), reference([a], [b]), 1e-8);
      const same = await compare([a], [a], dtype);
      assert.deepEqual([same.sameFactors, same.sumSquaresDelta], [true, 0]);
      assert.equal((await compare([a], [{ ...a, scale: 3 }], dtype)).sameFactors, false);
    }
  });

  it('experts add up; zeros are zeros; NaN is told', async () => {
    const ones = [1, 2, 3].map((seed) => product(20, 2, 30, seed));
    const others = [1, 5, 3].map((seed) => product(20, 2, 30, seed));
    const found = await compare(ones, others);
    assertSums(found, reference(ones, others), 1e-10);
    assert.equal(found.sameFactors, false);
    const zero = { ...product(20, 2, 30, 1), b: matrix(20, 2, () => 0) };
    assert.deepEqual(await compare([zero], [zero]), {
      sumSquaresA: 0,
      sumSquaresB: 0,
      sumProducts: 0,
      sumSquaresDelta: 0,
      isFinite: true,
      sameFactors: true,
    });
    assertSums(await compare([zero], [ones[0]!]), reference([zero], [ones[0]!]), 1e-10);
    const broken = { ...ones[0]!, b: matrix(20, 2, (r, c) => (r === 3 && c === 1 ? NaN : 1)) };
    assert.equal((await compare([broken], [ones[0]!])).isFinite, false);
  });
});

function stored({ rows, columns, values }: Matrix, dtype: StorageDtype): Matrix {
  const decoded = decodeToFloat64(dtype, encodeFromFloat64(dtype, values), values.length);
  return { rows, columns, values: decoded };
}

function inverseOfUnitTriangle({ rows, values }: Matrix): Matrix {
  const inverse = matrix(rows, rows, (r, c) => (r === c ? 1 : 0));
  for (let c = 0; c < rows; c++) {
    for (let r = c - 1; r >= 0; r--) {
      let sum = 0;
      for (let k = r + 1; k <= c; k++) sum += values[r * rows + k]! * inverse.values[k * rows + c]!;
      inverse.values[r * rows + c] = -sum;
    }
  }
  return inverse;
}
