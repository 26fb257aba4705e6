import assert from 'node:assert/strict';
import { type Dtype } from '../../../../src/checkpoint/index.js';
import { openModel } from '../../../../src/model/index.js';
import {
  compareCheckpoints,
  type CompareOptions,
  type DeltaHistogram,
  type DeltaStatistics,
  type DiffReport,
  type TensorDiff,
} from '../../../../src/compare/index.js';
import { WorkerPool } from '../../../../src/compute/index.js';
import { decodeToFloat64, referenceStatistics } from '../../../../src/compute/reference/index.js';
import type { Model } from '../../../../src/model/index.js';

export const simd = { name: 'simd', detail: 'WebAssembly SIMD', reason: 'test' } as const;

export interface RunOptions extends Partial<Omit<CompareOptions, 'engine' | 'pool'>> {
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/** Compares two opened checkpoints in a pool of their own, with one worker unless the options say otherwise. */
export function compareVersions(a: Model, b: Model, { workers = 1, signal, ...options }: RunOptions = {}): Promise<DiffReport> {
  return WorkerPool.use({ engine: 'simd', workers }, signal, (pool) =>
    compareCheckpoints(a, b, { engine: simd, pool, prefixMap: [], ...options }),
  );
}

/** Opens and compares two paths. */
export async function compareFiles(a: string, b: string, options: RunOptions = {}): Promise<DiffReport> {
  const [versionA, versionB] = await Promise.all([openModel(a), openModel(b)]);
  return compareVersions(versionA, versionB, options);
}

export function tensorOf(report: DiffReport, name: string): TensorDiff {
  const tensor = report.tensors.find((candidate) => candidate.name === name);
  assert.ok(tensor, `${name} is not in the report`);
  return tensor;
}

/** One side of a comparison in stored form. */
export interface Stored {
  readonly dtype: Dtype;
  readonly bytes: Uint8Array;
}

/** Checks a tensor's statistics against a plain float64 pass over the stored bytes: counts exactly, sums within 1e-6. */
export function assertMatchesReference(got: DeltaStatistics | TensorDiff, a: Stored, b: Stored, count: number): void {
  const want = referenceStatistics(decodeToFloat64(a.dtype, a.bytes, count), decodeToFloat64(b.dtype, b.bytes, count));
  assertClose(got.normA, Math.sqrt(want.sumSquaresA), 'normA');
  assertClose(got.normB, Math.sqrt(want.sumSquaresB), 'normB');
  assertClose(got.normDelta, Math.sqrt(want.sumSquaresDelta), 'normDelta');
  assertClose(got.relativeChange, Math.sqrt(want.sumSquaresDelta / want.sumSquaresA), 'relativeChange');
  assertClose(got.cosine, want.sumProducts / Math.sqrt(want.sumSquaresA * want.sumSquaresB), 'cosine');
  assert.ok(Math.abs(got.meanDelta! - want.sumDelta / want.comparedCount) <= 1e-6 * got.normDelta!, 'meanDelta');
  assertClose(got.maxAbsDelta, want.maxAbsDelta, 'maxAbsDelta');
  const { maxAbsDeltaIndex, comparedCount, changedCount, signFlips, nonFiniteA, nonFiniteB } = want;
  const counts = { maxAbsDeltaIndex, comparedCount, changedCount, signFlips, nonFiniteA, nonFiniteB };
  assert.deepEqual(Object.fromEntries(Object.keys(counts).map((field) => [field, got[field as keyof typeof counts]])), counts);
  assert.equal(got.histogram!.zero, want.zeroCount);
  assert.equal(total(got.histogram!), comparedCount);
}

function assertClose(got: number | null, want: number, field: string): void {
  assert.ok(got !== null && Math.abs(got - want) <= 1e-6 * Math.abs(want), `${field}: ${got} is not ${want}`);
}

function total({ zero, negative, positive }: DeltaHistogram): number {
  return [...negative, ...positive].reduce((sum, count) => sum + count, zero);
}
