import { bitsOf, type Tensor } from '../checkpoint/index.js';
import { chunkByteLength, sliceRecipe, type CompareTask, type ProductPair, type SlicedRecipe, type SlicePair } from '../compute/index.js';
import type { Model } from '../model/index.js';
import type { NameRules } from '../model/correspondence/index.js';
import { valuesOf } from '../model/parameters/index.js';
import { shapeOf, tensorsOf, type Recipe } from '../model/recipe/index.js';
import { byteElements, bytePairs, formulaOf, needsBytes, type BytePair, type Comparand } from './comparand.js';
import { matchComparands, pairsOf, type ComparandPair, type MatchedPair, type Matching } from './matchComparands.js';
import { productPair, productsLength } from './products.js';

/** What is compared of a pair, element by element. */
export interface Strand {
  /** `values` gives statistics, `bytes` only which elements differ. */
  readonly as: SlicePair['as'];
  readonly a: SlicedRecipe;
  readonly b: SlicedRecipe;
  /** Place of its first element in the pair. */
  readonly first: number;
  readonly count: number;
  /** Both are the same bytes of the same file: they are read once. */
  readonly sameBytes: boolean;
  /** Of `bytes`: bits of what is counted when it differs; null where it is not counted. */
  readonly unitBits: number | null;
}

/** What can be said of a pair: it is compared, or why not. */
export type Treatment =
  /** `values` are in order, null where there are none that both sides have; `codes` are what a scheme has values of, or all there is. */
  | {
      readonly kind: 'compare';
      readonly values: readonly Strand[] | null;
      readonly codes: readonly Strand[];
      /** Of two products of factors: these are compared in place of their values, unless they hold NaN or infinities. */
      readonly products: ProductPair | null;
    }
  | { readonly kind: 'added' | 'removed' | 'reshaped' | 'unread' };

export interface PlannedPair extends MatchedPair {
  readonly treatment: Treatment;
}

/** Everything a comparison will do, decided before any value is read. */
export interface ComparisonPlan {
  readonly a: Model;
  readonly b: Model;
  /** What corresponds to what, and why. */
  readonly matching: Matching;
  readonly pairs: readonly PlannedPair[];
  /** Both versions are the same bytes of the same files throughout: nothing is read. */
  readonly sameFiles: boolean;
  /** Bytes that will be read, over both sides. */
  readonly readByteLength: number;
}

/** Which pair (index into the plan), what of it, and from which element on. */
export interface SlicePlace {
  readonly pair: number;
  readonly of: 'values' | 'codes' | 'uncounted codes';
  readonly first: number;
}

/** A task, and which part of the plan each of its slices belongs to. */
export interface PlannedTask {
  readonly task: CompareTask;
  readonly places: readonly SlicePlace[];
}

/** So many slices at most share a task, to bound its answer when tensors are tiny. */
const maxSlicesPerTask = 256;
/** Slices start at multiples of this many elements, which is a whole number of bytes for every dtype. */
const sliceAlignment = 1024;

/** @returns the plan: pure, from headers alone. @throws MapRuleError, PatternError for rules that cannot be meant */
export function planComparison(a: Model, b: Model, rules: NameRules): ComparisonPlan {
  return planMatching(a, b, matchComparands(a, b, rules));
}

/** The plan of what corresponds. */
export function planMatching(a: Model, b: Model, matching: Matching): ComparisonPlan {
  const pairs = pairsOf(matching, a).map((matched) => ({ ...matched, treatment: treat(matched.pair, a, b) }));
  const sameFiles = pairs.length > 0 && pairs.every(({ treatment }) => isSameBytes(treatment));
  const readByteLength = sameFiles ? 0 : pairs.reduce((sum, { treatment }) => sum + readLength(treatment), 0);
  return { a, b, matching, pairs, sameFiles, readByteLength };
}

/** What can be said of a pair. */
export function treat({ a, b }: ComparandPair, versionA: Model, versionB: Model): Treatment {
  if (!a) return { kind: 'added' };
  if (!b) return { kind: 'removed' };
  const count = a.shape && b.shape && sharedCount(a.shape, b.shape);
  if (count === null && a.shape !== null && b.shape !== null) return { kind: 'reshaped' };
  const products = productPair([a, b], [versionA, versionB]);
  const [valuesA, valuesB] = [valuesOf(a).recipe, valuesOf(b).recipe];
  const values = valuesA && valuesB && count !== null ? valueStrands([valuesA, valuesB], count, [a, b], [versionA, versionB]) : null;
  if (products !== null) return { kind: 'compare', values, codes: [], products };
  const isCoded = values === null || needsBytes(a);
  const codes = isCoded ? (bytePairs(a, b) ?? []).map((pair) => byteStrand(pair, versionA, versionB)) : [];
  return values === null && codes.length === 0 ? { kind: 'unread' } : { kind: 'compare', values, codes, products: null };
}

function valueStrands(
  [recipeA, recipeB]: readonly [Recipe, Recipe],
  count: number,
  [a, b]: readonly [Comparand, Comparand],
  [versionA, versionB]: readonly [Model, Model],
): Strand[] {
  let first = 0;
  return inPieces(recipeA, recipeB, count).map((piece) => {
    const strand: Strand = {
      as: 'values',
      a: sliceRecipe(versionA, piece.a, a.name),
      b: sliceRecipe(versionB, piece.b, b.name),
      first,
      count: piece.count,
      sameBytes: isSameRecipe(piece.a, piece.b, versionA, versionB),
      unitBits: null,
    };
    first += piece.count;
    return strand;
  });
}

interface Piece {
  readonly a: Recipe;
  readonly b: Recipe;
  readonly count: number;
}

/** A stored tensor of A is cut where B has several behind each other, so that each is read as the stored tensor that it is. */
function inPieces(a: Recipe, b: Recipe, count: number): Piece[] {
  const parts = inReadingOrder(b);
  const whole = a.kind === 'stored' && bitsOf(a.tensor.dtype) >= 8 ? a.tensor : null;
  if (parts.length === 1 || whole === null || count !== whole.elementCount) return [{ a, b: parts.length === 1 ? parts[0]! : b, count }];
  let first = 0;
  return parts.map((part) => {
    const length = shapeOf(part).reduce((product, size) => product * size, 1);
    const size = bitsOf(whole.dtype) / 8;
    const tensor = { ...whole, shape: [length], elementCount: length, start: whole.start + first * size, byteLength: length * size };
    first += length;
    return { a: { kind: 'stored', tensor }, b: part, count: length };
  });
}

/** Recipes whose values, one after the other, are those of a recipe. */
function inReadingOrder(recipe: Recipe): readonly Recipe[] {
  if (recipe.kind === 'reshaped') return inReadingOrder(recipe.of);
  const isBehindEachOther =
    recipe.kind === 'stack' ||
    (recipe.kind === 'concatenation' &&
      shapeOf(recipe)
        .slice(0, recipe.axis)
        .every((size) => size === 1));
  return isBehindEachOther ? recipe.of.flatMap(inReadingOrder) : [recipe];
}

function byteStrand({ a, b, unitBits }: BytePair, versionA: Model, versionB: Model): Strand {
  const [elementsA, elementsB] = [byteElements(a), byteElements(b)];
  return {
    as: 'bytes',
    a: sliceRecipe(versionA, { kind: 'stored', tensor: elementsA }, a.name),
    b: sliceRecipe(versionB, { kind: 'stored', tensor: elementsB }, b.name),
    first: 0,
    count: elementsA.elementCount,
    sameBytes: isSameTensor(a, b, versionA, versionB),
    unitBits,
  };
}

function isSameBytes(treatment: Treatment): boolean {
  if (treatment.kind !== 'compare') return false;
  return [...(treatment.values ?? []), ...treatment.codes].every(({ sameBytes }) => sameBytes);
}

/** Elements that A and B share: all, or those of the common rows when only the first of several dimensions differs. */
function sharedCount(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length || a.slice(1).some((size, i) => size !== b[i + 1])) return null;
  if (a.length < 2 && a[0] !== b[0]) return null;
  const rowLength = a.slice(1).reduce((product, size) => product * size, 1);
  return a.length === 0 ? 1 : Math.min(a[0]!, b[0]!) * rowLength;
}

/** Whether two recipes make the same of the same bytes. */
function isSameRecipe(a: Recipe, b: Recipe, versionA: Model, versionB: Model): boolean {
  if (a.kind === 'stored' && b.kind === 'stored') return isSameTensor(a.tensor, b.tensor, versionA, versionB);
  const [tensorsA, tensorsB] = [tensorsOf(a), tensorsOf(b)];
  const sameTensors = tensorsA.every((tensor, i) => tensorsB[i] !== undefined && isSameTensor(tensor, tensorsB[i], versionA, versionB));
  return sameTensors && formulaOf(a) === formulaOf(b);
}

function isSameTensor(a: Tensor, b: Tensor, versionA: Model, versionB: Model): boolean {
  const sameFile = versionA.shards[a.shard]!.identity === versionB.shards[b.shard]!.identity;
  return sameFile && a.start === b.start && a.byteLength === b.byteLength && a.dtype === b.dtype;
}

/** Bytes that are read for a pair. */
export function readLength(treatment: Treatment): number {
  if (treatment.kind !== 'compare') return 0;
  if (treatment.products !== null) return productsLength(treatment.products);
  return [...(treatment.values ?? []), ...treatment.codes].reduce((sum, strand) => sum + strandLength(strand), 0);
}

/** Bytes that are the same need not be read to be counted. */
function strandLength({ as, a, b, count, sameBytes }: Strand): number {
  if (as === 'bytes' && sameBytes) return 0;
  return (count * (bitsOf(a.dtype) + (sameBytes ? 0 : bitsOf(b.dtype)))) / 8;
}

/**
 * The work of a plan, cut into tasks of at most one chunk. Lazy: a 500 GB model has many.
 * @param only of these pairs
 */
export function* planTasks(plan: ComparisonPlan, only: ReadonlySet<number> = pairsByValue(plan)): Generator<PlannedTask> {
  if (plan.sameFiles) return;
  let pairs: SlicePair[] = [];
  let places: SlicePlace[] = [];
  let bytes = 0;
  for (const { slices, place } of planSlices(plan, only)) {
    const size = Math.max(slices.a.byteLength, slices.b?.byteLength ?? 0);
    if (pairs.length > 0 && (bytes + size > chunkByteLength || pairs.length >= maxSlicesPerTask)) {
      yield { task: { kind: 'compare', pairs }, places };
      [pairs, places, bytes] = [[], [], 0];
    }
    pairs.push(slices);
    places.push(place);
    bytes += size;
  }
  if (pairs.length > 0) yield { task: { kind: 'compare', pairs }, places };
}

/** Pairs that are not compared by their factors, by index. */
export function pairsByValue({ pairs }: ComparisonPlan): Set<number> {
  return new Set(pairs.flatMap(({ treatment }, pair) => (treatment.kind === 'compare' && treatment.products === null ? [pair] : [])));
}

interface PlacedSlices {
  readonly slices: SlicePair;
  readonly place: SlicePlace;
}

function* planSlices(plan: ComparisonPlan, only: ReadonlySet<number>): Generator<PlacedSlices> {
  for (const [pair, { treatment }] of plan.pairs.entries()) {
    if (treatment.kind !== 'compare' || !only.has(pair)) continue;
    for (const strand of treatment.values ?? []) yield* cutStrand(strand, pair);
    for (const strand of treatment.codes) if (!strand.sameBytes) yield* cutStrand(strand, pair);
  }
}

function* cutStrand({ as, a, b, first: start, count, sameBytes, unitBits }: Strand, pair: number): Generator<PlacedSlices> {
  const of = as === 'values' ? as : unitBits === null ? 'uncounted codes' : 'codes';
  const step = elementsPerSlice(a, b);
  for (let first = 0; first < count; first += step) {
    const length = Math.min(step, count - first);
    const sides = { a: a.slice(first, length), b: sameBytes ? null : b.slice(first, length), count: length };
    const slices = unitBits === null ? { as, ...sides } : { as, unitBits, ...sides };
    yield { slices, place: { pair, of, first: start + first } };
  }
}

function elementsPerSlice(a: SlicedRecipe, b: SlicedRecipe): number {
  const most = (chunkByteLength * 8) / Math.max(bitsOf(a.dtype), bitsOf(b.dtype));
  return Math.floor(most / sliceAlignment) * sliceAlignment;
}
