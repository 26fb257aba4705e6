import { bitsOf, isReadable, type Tensor } from '../checkpoint/index.js';
import { chunkByteLength, type CompareTask, type FileVersion, type SlicePair, type TensorSlice } from '../compute/index.js';
import type { PrefixRule } from './report/index.js';
import { matchTensors, type TensorPair, rulesInUse } from '../model/names/index.js';
import type { Model } from '../model/index.js';

/** What can be said of a pair: its values are compared, or why not. */
export type Treatment =
  | { readonly kind: 'compare'; readonly a: Tensor; readonly b: Tensor; readonly count: number; readonly sameBytes: boolean }
  | { readonly kind: 'added' | 'removed' | 'reshaped' | 'unread' }
  /** Values of a dtype that is not read, but the same bytes of the same file on both sides. */
  | { readonly kind: 'identical' };

export interface PlannedPair {
  readonly pair: TensorPair;
  readonly treatment: Treatment;
}

/** Everything a comparison will do, decided before any value is read. */
export interface ComparisonPlan {
  readonly a: Model;
  readonly b: Model;
  /** The rules by which names were matched. */
  readonly prefixMap: readonly PrefixRule[];
  /** Rules that were given and matched nothing. */
  readonly unusedRules: readonly PrefixRule[];
  readonly pairs: readonly PlannedPair[];
  /** Both versions are the same bytes of the same files throughout: nothing is read. */
  readonly sameFiles: boolean;
  /** Bytes that will be read, over both sides. */
  readonly readByteLength: number;
}

/** A task, and which pair (index into the plan) and element each of its slices belongs to. */
export interface PlannedTask {
  readonly task: CompareTask;
  readonly places: readonly { readonly pair: number; readonly first: number }[];
}

/** So many slices at most share a task, to bound its answer when tensors are tiny. */
const mostSlicesPerTask = 256;
/** Slices start at multiples of this many elements, which is a whole number of bytes for every dtype. */
const sliceAlignment = 1024;

/** @returns the plan: pure, from headers alone. */
export function planComparison(a: Model, b: Model, rules: readonly PrefixRule[]): ComparisonPlan {
  const matched = matchTensors(a.tensors, b.tensors, rules);
  const prefixMap = rulesInUse(
    rules,
    matched.flatMap((pair): [string, string][] => (pair.a && pair.b ? [[pair.a.name, pair.b.name]] : [])),
  );
  const unusedRules = rules.filter((rule) => !prefixMap.includes(rule));
  const pairs = matched.map((pair) => ({ pair, treatment: treat(pair, a, b) }));
  const sameFiles = pairs.length > 0 && pairs.every(({ treatment }) => isKnownIdentical(treatment));
  const readByteLength = sameFiles ? 0 : pairs.reduce((sum, { treatment }) => sum + readLength(treatment), 0);
  return { a, b, prefixMap, unusedRules, pairs, sameFiles, readByteLength };
}

function treat({ a, b }: TensorPair, versionA: Model, versionB: Model): Treatment {
  if (!a) return { kind: 'added' };
  if (!b) return { kind: 'removed' };
  const count = sharedCount(a.shape, b.shape);
  if (count === null) return { kind: 'reshaped' };
  const sameBytes = isSameBytes(a, b, versionA, versionB);
  if (isReadable(a.dtype) && isReadable(b.dtype)) return { kind: 'compare', a, b, count, sameBytes };
  if (sameBytes) return { kind: 'identical' };
  return { kind: a.elementCount === b.elementCount ? 'unread' : 'reshaped' };
}

function isKnownIdentical(treatment: Treatment): boolean {
  return treatment.kind === 'identical' || (treatment.kind === 'compare' && treatment.sameBytes);
}

/** Elements that A and B share: all, or those of the common rows when only the first of several dimensions differs. */
function sharedCount(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length || a.slice(1).some((size, i) => size !== b[i + 1])) return null;
  if (a.length < 2 && a[0] !== b[0]) return null;
  const rowLength = a.slice(1).reduce((product, size) => product * size, 1);
  return a.length === 0 ? 1 : Math.min(a[0]!, b[0]!) * rowLength;
}

function isSameBytes(a: Tensor, b: Tensor, versionA: Model, versionB: Model): boolean {
  const sameFile = versionA.shards[a.shard]!.identity === versionB.shards[b.shard]!.identity;
  return sameFile && a.start === b.start && a.byteLength === b.byteLength && a.dtype === b.dtype;
}

function readLength(treatment: Treatment): number {
  if (treatment.kind !== 'compare') return 0;
  const { a, b, count, sameBytes } = treatment;
  return (count * (bitsOf(a.dtype) + (sameBytes ? 0 : bitsOf(b.dtype)))) / 8;
}

/** The work of a plan, cut into tasks of at most one chunk. Lazy: a 500 GB model has many. */
export function* planTasks(plan: ComparisonPlan): Generator<PlannedTask> {
  if (plan.sameFiles) return;
  let pairs: SlicePair[] = [];
  let places: { pair: number; first: number }[] = [];
  let bytes = 0;
  for (const { slices, pair, first } of planSlices(plan)) {
    const size = Math.max(slices.a.byteLength, slices.b?.byteLength ?? 0);
    if (pairs.length > 0 && (bytes + size > chunkByteLength || pairs.length >= mostSlicesPerTask)) {
      yield { task: { kind: 'compare', pairs }, places };
      [pairs, places, bytes] = [[], [], 0];
    }
    pairs.push(slices);
    places.push({ pair, first });
    bytes += size;
  }
  if (pairs.length > 0) yield { task: { kind: 'compare', pairs }, places };
}

function* planSlices(plan: ComparisonPlan): Generator<{ slices: SlicePair; pair: number; first: number }> {
  for (const [index, { treatment }] of plan.pairs.entries()) {
    if (treatment.kind !== 'compare') continue;
    const { a, b, count, sameBytes } = treatment;
    const step = elementsPerSlice(a, b);
    for (let first = 0; first < count; first += step) {
      const length = Math.min(step, count - first);
      const sliceB = sameBytes ? null : sliceTensor(plan.b, b, first, length);
      yield { slices: { a: sliceTensor(plan.a, a, first, length), b: sliceB, count: length }, pair: index, first };
    }
  }
}

function elementsPerSlice(a: Tensor, b: Tensor): number {
  const most = (chunkByteLength * 8) / Math.max(bitsOf(a.dtype), bitsOf(b.dtype));
  return Math.floor(most / sliceAlignment) * sliceAlignment;
}

/** Elements `[first, first + count)` of a stored tensor, as a worker reads them. */
export function sliceTensor(checkpoint: Model, tensor: Tensor, first: number, count: number): TensorSlice {
  const bits = bitsOf(tensor.dtype);
  return {
    file: fileVersion(checkpoint, tensor.shard),
    tensor: tensor.name,
    dtype: tensor.dtype,
    start: tensor.start + (first * bits) / 8,
    byteLength: (count * bits) / 8,
  };
}

function fileVersion(checkpoint: Model, shard: number): FileVersion {
  const { path, byteLength, modifiedAt } = checkpoint.shards[shard]!;
  return { path, byteLength, modifiedAt };
}
