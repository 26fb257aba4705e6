import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dtype } from '../../../src/checkpoint/index.js';
import { openModel } from '../../../src/model/index.js';
import { computeTensorDetail, type TensorDetail, type TensorDetailOptions } from '../../../src/compare/index.js';
import { decodeToFloat64 } from '../../../src/compute/reference/index.js';
import { writeSafetensors, type TensorToWrite } from '../../support/safetensorsFile.js';
import { writeSparse } from '../../support/sparseCheckpoint.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { countThreads } from '../../support/threads.js';
import { encode, weights } from '../compute/support/chunks.js';
import { assertMatchesReference, simd } from './support/compareFiles.js';

const samples = join(__dirname, '../../../samples');

function random(name: string, dtype: Dtype, shape: readonly number[], seed: number): TensorToWrite & { readonly bytes: Uint8Array } {
  return {
    name,
    dtype,
    shape,
    bytes: weights(
      dtype,
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
  };
}

/** Plain sums of Δ² over a matrix: what the detail is checked against. */
function plainProfile(a: TensorToWrite, b: TensorToWrite, rowCount: number, columnCount: number) {
  const [x, y] = [a, b].map(({ dtype, bytes }) => decodeToFloat64(dtype, bytes!, rowCount * columnCount));
  const square = (row: number, column: number) => (y![row * columnCount + column]! - x![row * columnCount + column]!) ** 2;
  const norm = (length: number, squareAt: (i: number) => number) =>
    Math.sqrt(Array.from({ length }, (_, i) => squareAt(i)).reduce((sum, value) => sum + value, 0));
  return {
    rowNorm: (row: number) => norm(columnCount, (column) => square(row, column)),
    rowNormA: (row: number) => norm(columnCount, (column) => x![row * columnCount + column]! ** 2),
    columnNorm: (column: number) => norm(rowCount, (row) => square(row, column)),
    blockRms: (row: number, column: number, height: number, width: number) =>
      norm(height * width, (i) => square(row + Math.floor(i / width), column + (i % width))) / Math.sqrt(height * width),
  };
}

function assertAllClose(got: readonly number[], want: readonly number[], title: string): void {
  assert.equal(got.length, want.length, `length of ${title}`);
  for (const [i, value] of got.entries())
    assert.ok(Math.abs(value - want[i]!) <= 1e-9 * Math.abs(want[i]!), `${title} ${i}: ${value} is not ${want[i]}`);
}

describe('detail of one tensor', () => {
  const at = temporaryFolder();

  async function detailOf(a: TensorToWrite, b: TensorToWrite, options: Partial<TensorDetailOptions> = {}): Promise<TensorDetail> {
    await Promise.all([writeSafetensors(at('a.safetensors'), [a]), writeSafetensors(at('b.safetensors'), [b])]);
    const [versionA, versionB] = await Promise.all([openModel(at('a.safetensors')), openModel(at('b.safetensors'))]);
    return computeTensorDetail(versionA, versionB, a.name, b.name, { engine: simd, workers: 1, ...options });
  }

  /** Of zeros, however many, without writing them. */
  async function sparseDetailOf(a: TensorToWrite, b: TensorToWrite): Promise<TensorDetail> {
    await Promise.all([writeSparse(at('a.safetensors'), [a]), writeSparse(at('b.safetensors'), [b])]);
    const [versionA, versionB] = await Promise.all([openModel(at('a.safetensors')), openModel(at('b.safetensors'))]);
    return computeTensorDetail(versionA, versionB, a.name, b.name, { engine: simd, workers: 1 });
  }

  it('of a small matrix has the exact norms of each row and column, and a picture cell for each value', async () => {
    const a = { name: 'x', dtype: 'F32', shape: [3, 2], bytes: encode('F32', [1, 2, 3, 4, 0, 0]) } as const;
    const b = { name: 'y', dtype: 'F32', shape: [3, 2], bytes: encode('F32', [1, 2, 6, 8, 0, -2]) } as const;
    const { statistics, ...detail } = await detailOf(a, b);
    assert.deepEqual(detail, {
      name: 'x',
      shape: [3, 2],
      rowNorms: [0, 5, 2],
      columnNorms: [3, Math.sqrt(20)],
      rowsPerEntry: 1,
      columnsPerEntry: 1,
      changedRows: [
        { row: 1, normDelta: 5, relativeChange: 1, token: null },
        { row: 2, normDelta: 2, relativeChange: Infinity, token: null },
      ],
      picture: { height: 3, width: 2, rowCount: 3, columnCount: 2, cells: [0, 0, 3, 4, 0, 2] },
      spread: null,
    });
    assertMatchesReference(statistics, a, b, 6);
  });

  it('counts values in linear bins between ends that belong to them, and what lies beyond them', async () => {
    const [rowCount, columnCount] = [300, 257];
    const [a, b] = [random('x', 'F32', [rowCount, columnCount], 3), random('x', 'F32', [rowCount, columnCount], 4)];
    const { spread } = await detailOf(a, b, { workers: 2, spans: { delta: 0.5, values: 1.25 } });
    assert.ok(spread);
    const valuesA = [...decodeToFloat64('F32', a.bytes, rowCount * columnCount)];
    const valuesB = [...decodeToFloat64('F32', b.bytes, rowCount * columnCount)];
    const deltas = valuesB.map((value, i) => value - valuesA[i]!).filter((delta) => delta !== 0);
    for (const [counts, values, span] of [
      [spread.delta, deltas, 0.5],
      [spread.a, valuesA, 1.25],
      [spread.b, valuesB, 1.25],
    ] as const) {
      assert.equal(counts.length, 98);
      assert.equal(counts[0], values.filter((value) => value < -span).length);
      assert.equal(counts[97], values.filter((value) => value > span).length);
      const width = (2 * span) / 96;
      for (const bin of [0, 17, 47, 48, 95]) {
        const [from, to] = [-span + bin * width, -span + (bin + 1) * width];
        const inside = values.filter((value) => value >= from && (bin === 95 ? value <= span : value < to)).length;
        assert.ok(Math.abs(counts[bin + 1]! - inside) <= 1, `bin ${bin}: ${counts[bin + 1]} and ${inside}`);
      }
    }
  });

  it('of a matrix with more rows and columns than a picture equals a plain computation, in blocks and cut edges', async () => {
    const [rowCount, columnCount] = [2500, 601];
    const [a, b] = [random('x', 'BF16', [rowCount, columnCount], 1), random('x', 'F16', [rowCount, columnCount], 2)];
    const plain = plainProfile(a, b, rowCount, columnCount);
    const detail = await detailOf(a, b, { workers: 2 });
    assert.deepEqual([detail.rowsPerEntry, detail.columnsPerEntry], [2, 1]);
    assertAllClose(
      detail.rowNorms,
      Array.from({ length: 1250 }, (_, i) => Math.hypot(plain.rowNorm(2 * i), plain.rowNorm(2 * i + 1))),
      'row norm',
    );
    assertAllClose(
      detail.columnNorms,
      Array.from({ length: columnCount }, (_, i) => plain.columnNorm(i)),
      'column norm',
    );
    // 2500 rows in cells of 14 make 179, the last of 8 rows; 601 columns in cells of 3 make 201, the last of one.
    const { cells, ...size } = detail.picture;
    assert.deepEqual(size, { height: 179, width: 201, rowCount, columnCount });
    const cellOf = (y: number, x: number) => plain.blockRms(14 * y, 3 * x, y === 178 ? 8 : 14, x === 200 ? 1 : 3);
    assertAllClose(
      cells,
      Array.from({ length: 179 * 201 }, (_, i) => cellOf(Math.floor(i / 201), i % 201)),
      'cell',
    );
    const rows = Array.from({ length: rowCount }, (_, row) => ({ row, normDelta: plain.rowNorm(row) })).sort(
      (x, y) => y.normDelta - x.normDelta,
    );
    assert.deepEqual(
      detail.changedRows.map(({ row }) => row),
      rows.slice(0, 100).map(({ row }) => row),
    );
    assertAllClose(
      detail.changedRows.map(({ relativeChange }) => relativeChange),
      rows.slice(0, 100).map(({ row }) => plain.rowNorm(row) / plain.rowNormA(row)),
      'relative change',
    );
    assertMatchesReference(detail.statistics, a, b, rowCount * columnCount);
  });

  it('folds leading dimensions into rows, and compares the shared rows of a tensor that grew', async () => {
    const [a, b] = [random('x', 'F32', [3, 4, 5], 3), random('x', 'F32', [2, 4, 5], 4)];
    const detail = await detailOf(a, b);
    assert.deepEqual([detail.shape, detail.picture.rowCount, detail.picture.columnCount], [[3, 4, 5], 8, 5]);
    const plain = plainProfile(a, b, 8, 5);
    assertAllClose(
      detail.rowNorms,
      Array.from({ length: 8 }, (_, row) => plain.rowNorm(row)),
      'row norm',
    );
  });

  it('of a vector is one row; of a scalar one value; of an empty tensor nothing', async () => {
    const vector = await detailOf(random('x', 'F32', [7], 5), random('x', 'F32', [7], 6));
    assert.deepEqual([vector.rowNorms.length, vector.columnNorms.length, vector.picture.height, vector.picture.width], [1, 7, 1, 7]);
    const scalar = await detailOf(
      { name: 's', dtype: 'F32', shape: [], bytes: encode('F32', [2]) },
      { name: 's', dtype: 'F32', shape: [], bytes: encode('F32', [5]) },
    );
    assert.deepEqual([scalar.rowNorms, scalar.columnNorms, scalar.picture.cells], [[3], [3], [3]]);
    for (const shape of [
      [0, 5],
      [5, 0],
    ]) {
      const empty = await detailOf(random('e', 'F32', shape, 1), random('e', 'F32', shape, 2));
      assert.deepEqual([empty.statistics.comparedCount, empty.changedRows, empty.picture.cells], [0, [], []]);
    }
  });

  it('leaves positions out where a value is not finite', async () => {
    const a = { name: 'x', dtype: 'F32', shape: [1, 4], bytes: encode('F32', [NaN, 3, Infinity, 1]) } as const;
    const b = { name: 'x', dtype: 'F32', shape: [1, 4], bytes: encode('F32', [1, 7, Infinity, -Infinity]) } as const;
    const { rowNorms, columnNorms, changedRows } = await detailOf(a, b);
    assert.deepEqual([rowNorms, columnNorms], [[4], [0, 4, 0, 0]]);
    assert.deepEqual(changedRows, [{ row: 0, normDelta: 4, relativeChange: 4 / 3, token: null }]);
  });

  it('sees rows longer than a chunk as rows of 1024 values', async () => {
    const length = 1024 * 1025;
    const values = new Float32Array(length);
    const a = { name: 'embed_tokens.weight', dtype: 'F32', shape: [1, length], bytes: new Uint8Array(values.slice().buffer) } as const;
    values[5 * 1024 + 3] = 2;
    values[length - 1] = -3;
    const detail = await detailOf(a, { ...a, bytes: new Uint8Array(values.buffer) });
    assert.deepEqual([detail.picture.rowCount, detail.picture.columnCount], [1025, 1024]);
    assert.deepEqual(
      detail.changedRows.map(({ row, normDelta }) => [row, normDelta]),
      [
        [1024, 3],
        [5, 2],
      ],
    );
    assert.deepEqual([detail.columnNorms[3], detail.columnNorms[1023]], [2, 3]);
    assert.equal(detail.statistics.maxAbsDeltaIndex, length - 1);
  });

  it('sees long rows of an odd length, and a side that has fewer of them, value by value', async () => {
    const zeros = (rows: number) => ({ name: 'x', dtype: 'F64', shape: [rows, 524_289] }) as const;
    const detail = await sparseDetailOf(zeros(1024), zeros(1));
    assert.deepEqual([detail.picture.rowCount, detail.picture.columnCount, detail.statistics.histogram.zero], [524_289, 1, 524_289]);
    assert.deepEqual([detail.statistics.comparedCount, detail.changedRows], [524_289, []]);
  });

  it('reports progress up to the whole', async () => {
    const done: number[][] = [];
    await detailOf(random('x', 'BF16', [700, 1000], 7), random('x', 'F32', [700, 1000], 8), {
      onProgress: (bytes, total) => done.push([bytes, total]),
    });
    assert.deepEqual(done, [
      [524 * 6000, 4_200_000],
      [4_200_000, 4_200_000],
    ]);
  });

  it('names the tokens of an embedding through the tokenizer of the second version', async () => {
    const [a, b] = await Promise.all(['base-1', 'finetuned-1'].map((name) => openModel(join(samples, name))));
    const name = 'model.embed_tokens.weight';
    const detail = await computeTensorDetail(a!, b!, name, name, { engine: simd, workers: 1 });
    const first = detail.changedRows.slice(0, 6).map(({ row, token }) => [row, token]);
    assert.deepEqual(first, [
      [342, ' for'],
      [659, ' pe'],
      [366, ' on'],
      [560, ' ha'],
      [900, 'plic'],
      [566, 'fin'],
    ]);
    assert.equal(detail.changedRows.length, 100);
    const projection = 'model.layers.0.self_attn.q_proj.weight';
    const other = await computeTensorDetail(a!, b!, projection, projection, { engine: simd, workers: 1 });
    assert.ok(other.changedRows.every(({ token }) => token === null));
  });

  it('does without tokens where rows are none: no tokenizer, a broken one, rows beyond the vocabulary, a layer', async () => {
    const tokenOf = async (name: string, tokenizer: string | null, rows: number): Promise<readonly (string | null)[]> => {
      const folder = at(`tokens-${name}-${rows}`);
      await mkdir(folder, { recursive: true });
      if (tokenizer !== null) await copyFile(tokenizer, join(folder, 'tokenizer.json'));
      const write = (file: string, value: number) =>
        writeSafetensors(join(folder, file), [
          { name, dtype: 'F32', shape: [rows, 1], bytes: encode('F32', new Array<number>(rows).fill(value)) },
        ]);
      await Promise.all([write('a.safetensors', 0), write('b.safetensors', 1)]);
      const [a, b] = await Promise.all(['a.safetensors', 'b.safetensors'].map((file) => openModel(join(folder, file))));
      const { changedRows } = await computeTensorDetail(a!, b!, name, name, { engine: simd, workers: 1 });
      return changedRows.map(({ token }) => token);
    };
    const tokenizer = join(samples, 'base-1', 'tokenizer.json');
    assert.deepEqual(await tokenOf('embed_tokens.weight', null, 2), [null, null]);
    assert.deepEqual(await tokenOf('wte.weight', join(samples, 'base-1', 'config.json'), 2), [null, null]);
    assert.deepEqual(await tokenOf('encoder.layer.0.output.weight', tokenizer, 2), [null, null]);
    assert.deepEqual(
      (await tokenOf('lm_head.weight', tokenizer, 1030)).map((token) => typeof token),
      new Array<string>(100).fill('string'),
    );
  });

  it('refuses what it cannot show, with names and reasons, and starts no thread for it', async () => {
    const refused = async (a: TensorToWrite, b: TensorToWrite): Promise<string> => {
      const { result, started } = await countThreads(() => detailOf(a, b));
      assert.deepEqual([result.status, started], ['rejected', 0]);
      return ((result as PromiseRejectedResult).reason as Error).message;
    };
    const matrix = { name: 'x', dtype: 'F32', shape: [2, 3] } as const;
    assert.equal(
      await refused(matrix, { ...matrix, shape: [3, 2] }),
      '"x" has shape [2, 3] in A and [3, 2] in B: these cannot be compared value by value.',
    );
    assert.equal(
      await refused({ ...matrix, shape: [2] }, { ...matrix, shape: [3] }),
      '"x" has shape [2] in A and [3] in B: these cannot be compared value by value.',
    );
    assert.equal(
      await refused({ ...matrix, dtype: 'C64' }, matrix),
      `${at('a.safetensors')} (tensor "x"): stored as C64, whose values are not read, so there is nothing to show.`,
    );
    const b = await openModel(at('b.safetensors'));
    await assert.rejects(computeTensorDetail(b, b, 'x', 'y', { engine: simd, workers: 1 }), {
      message: `${at('b.safetensors')}: holds no tensor "y". The files may have changed since the diff: run it again.`,
    });
  });

  it('cancelled: rejected with the reason', async () => {
    const a = random('x', 'F32', [10, 10], 1);
    await assert.rejects(detailOf(a, a, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });
});
