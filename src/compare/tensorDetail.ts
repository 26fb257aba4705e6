import { bitsOf } from '../checkpoint/index.js';
import {
  chunkByteLength,
  inOrder,
  sliceRecipe,
  unpackStatistics,
  WorkerPool,
  type CompareTask,
  type ProfileTask,
  type SlicedRecipe,
  type SpreadSpans,
} from '../compute/index.js';
import { assertUnchanged } from './assertUnchanged.js';
import { comparandsOf, describeStorage } from './comparand.js';
import { matchComparands } from './matchComparands.js';
import type { ChangedRow, EngineChoice, PrefixRule, TensorDetail } from './report/index.js';
import { ProfileSum } from './profileSum.js';
import { StatisticsSum } from './statisticsSum.js';
import { valuesOf } from '../model/parameters/index.js';
import { readTokenNames } from '../model/vocabulary/index.js';
import { alternativesOf, rearrangedAs, type MapRule } from '../model/correspondence/index.js';
import { shapeOf, type Recipe } from '../model/recipe/index.js';
import type { Model } from '../model/index.js';

/** A row longer than a chunk is profiled as if it were several rows. */
const mostElements = chunkByteLength / 8;

export interface TensorDetailOptions {
  readonly engine: EngineChoice;
  readonly workers: number | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number, tensor: string) => void) | undefined;
  /** How a report found the pair; absent: its names are those of both sides. */
  readonly found?: FoundPair | undefined;
  /** How far from 0 values are counted in linear bins; absent: they are not. */
  readonly spans?: SpreadSpans | undefined;
}

/** What a report says of a pair, by which it is found again. */
export interface FoundPair {
  readonly matchedBy: string;
  readonly prefixMap: readonly PrefixRule[];
  readonly nameMap: readonly MapRule[];
}

/** Values of one version under a name. */
interface NamedValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: SlicedRecipe;
}

/** A tensor pair seen as a matrix: last dimension columns, all others rows. */
interface MatrixPair {
  readonly a: NamedValues;
  readonly b: NamedValues;
  readonly rowCount: number;
  readonly columnCount: number;
  /** Rows are parts of rows too long for a chunk: their numbers mean nothing outside this matrix. */
  readonly folded: boolean;
}

/**
 * Reads one tensor of both versions again and describes where it changed: row and column norms of Δ, the rows that
 * changed most (with their tokens, for embeddings), a down-sampled picture.
 * Rejects when a tensor is missing, its dtype is not read, or the shapes cannot be compared.
 */
export async function computeTensorDetail(
  a: Model,
  b: Model,
  nameA: string,
  nameB: string,
  options: TensorDetailOptions,
): Promise<TensorDetail> {
  const { found } = options;
  const rearranged = found === undefined ? null : rearrangedAgain(a, b, nameA, found);
  const pair = matrixPair(valuesNamed(a, nameA), rearranged === null ? valuesNamed(b, nameB) : namedValues(b, nameB, rearranged));
  const statistics = new StatisticsSum();
  const profile = new ProfileSum(pair.rowCount, pair.columnCount, options.spans ?? null);
  await WorkerPool.use({ engine: options.engine.name, workers: options.workers }, options.signal, async (pool) => {
    const work = async ({ compare, rows }: DetailTask) => ({ compared: await pool.run(compare), profiled: await pool.run(rows) });
    for await (const { item, result } of inOrder(detailTasks(pair, profile), work, pool.size * 2)) {
      statistics.addChunk(unpackStatistics(result.compared.statistics, 0), item.firstRow * pair.columnCount);
      profile.add(result.profiled, item.firstRow);
      options.onProgress?.((item.firstRow + item.rowCount) * bytesPerRow(pair), pair.rowCount * bytesPerRow(pair), nameA);
    }
  });
  await assertUnchanged([a, b]);
  const rows = profile.changedRows();
  const names =
    pair.folded || rearranged !== null
      ? []
      : await readTokenNames(
          b,
          pair.b.name,
          rows.map(({ row }) => row),
          options.signal,
        );
  const changedRows: ChangedRow[] = rows.map((row, i) => ({ ...row, token: names[i] ?? null }));
  return { name: nameA, shape: pair.a.shape, statistics: statistics.finish(), ...profile.finish(), changedRows };
}

interface DetailTask {
  readonly compare: CompareTask;
  readonly rows: ProfileTask;
  readonly firstRow: number;
  readonly rowCount: number;
}

function* detailTasks(pair: MatrixPair, { grid, spans }: ProfileSum): Generator<DetailTask> {
  const { rowCount, columnCount } = pair;
  const step = Math.max(1, Math.floor(mostElements / Math.max(1, columnCount)));
  for (let firstRow = 0; firstRow < rowCount; firstRow += step) {
    const first = firstRow * columnCount;
    const rows = Math.min(step, rowCount - firstRow);
    const count = rows * columnCount;
    const slices = { as: 'values', a: pair.a.values.slice(first, count), b: pair.b.values.slice(first, count), count } as const;
    yield {
      firstRow,
      rowCount: rows,
      compare: { kind: 'compare', pairs: [slices] },
      rows: { kind: 'profile', pair: slices, firstRow, grid, spans },
    };
  }
}

function bytesPerRow({ a, b, columnCount }: MatrixPair): number {
  return (columnCount * (bitsOf(a.values.dtype) + bitsOf(b.values.dtype))) / 8;
}

function valuesNamed(version: Model, name: string): NamedValues {
  const comparand = comparandsOf(version).find((candidate) => candidate.name === name);
  if (!comparand) throw new Error(`${version.path}: holds no tensor "${name}". The files may have changed since the diff: run it again.`);
  const values = valuesOf(comparand).recipe;
  if (values === null || comparand.shape === null)
    throw new Error(
      `${version.path} (tensor "${name}"): stored as ${describeStorage(comparand)}, whose values are not read, so there is nothing to show.`,
    );
  return { name, shape: comparand.shape, values: sliceRecipe(version, values, name) };
}

function namedValues(version: Model, name: string, values: Recipe): NamedValues {
  return { name, shape: shapeOf(values), values: sliceRecipe(version, values, name) };
}

/** B's values as the report read them; null where they lie as they are stored. */
function rearrangedAgain(a: Model, b: Model, nameA: string, { matchedBy, prefixMap, nameMap }: FoundPair): Recipe | null {
  const { correspondence, facts } = matchComparands(a, b, { prefixMap, map: nameMap });
  const match = correspondence.matches.find((candidate) => candidate.a.name === nameA);
  if (match === undefined || match.reason === matchedBy) return match?.kind === 'rearranged' ? match.values : null;
  const alternative = alternativesOf(match, facts).find(({ reason }) => reason === matchedBy);
  if (match.kind === 'whole' || alternative !== undefined) return alternative?.values ?? null;
  const candidates = match.question === null ? [] : correspondence.questions[match.question]!.candidates;
  const readings = candidates.map(({ arrangement }) => rearrangedAs(match, arrangement));
  return readings.find(({ reason }) => reason === matchedBy)?.values ?? match.values;
}

function matrixPair(a: NamedValues, b: NamedValues): MatrixPair {
  const columnCount = a.shape.at(-1) ?? 1;
  const sameColumns = a.shape.length === b.shape.length && a.shape.slice(1).every((size, i) => size === b.shape[i + 1]);
  const rowsOf = (side: NamedValues) => (columnCount === 0 ? 0 : sizeOf(side) / columnCount);
  if (!sameColumns || (a.shape.length < 2 && sizeOf(a) !== sizeOf(b))) {
    throw new Error(
      `"${a.name}" has shape [${a.shape.join(', ')}] in A and [${b.shape.join(', ')}] in B: these cannot be compared value by value.`,
    );
  }
  if (columnCount * Math.max(bitsOf(a.values.dtype), bitsOf(b.values.dtype)) > chunkByteLength * 8) return foldLongRow(a, b);
  return { a, b, rowCount: Math.min(rowsOf(a), rowsOf(b)), columnCount, folded: false };
}

function sizeOf({ shape }: NamedValues): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Rows longer than a chunk are seen as rows of 1024 values, so that any tensor can be profiled in bounded memory. */
function foldLongRow(a: NamedValues, b: NamedValues): MatrixPair {
  const count = Math.min(sizeOf(a), sizeOf(b));
  const columnCount = count % 1024 === 0 ? 1024 : 1;
  return { a, b, rowCount: count / columnCount, columnCount, folded: true };
}
