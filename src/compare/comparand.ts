import { bitsOf, type Dtype, type Tensor } from '../checkpoint/index.js';
import type { Model } from '../model/index.js';
import { changedWeights, factorsOf, type ChangedWeight } from '../model/adapters/index.js';
import type { ParameterStorage } from '../model/parameters/index.js';
import { describeCoding } from '../model/quantisation/index.js';
import { tensorsOf, type Recipe } from '../model/recipe/index.js';

/** What a version has to compare under one name: a parameter, or a buffer that is none. */
export interface Comparand {
  readonly name: string;
  /** Null when only codes of a scheme that is not understood are there. */
  readonly shape: readonly number[] | null;
  readonly kind: 'parameter' | 'buffer';
  readonly storage: ParameterStorage;
}

/** Everything that a version stores, parameters first; of an adapter, what it changes. */
export function comparandsOf({ parameters, buffers, adapter }: Model): Comparand[] {
  const weights: readonly ChangedWeight[] = (adapter && changedWeights(parameters, adapter)) ?? parameters;
  return [...weights.map(ofParameter), ...buffers.map(ofBuffer)];
}

function ofParameter({ name, shape, storage }: ChangedWeight): Comparand {
  return { name, shape, kind: 'parameter', storage };
}

function ofBuffer(tensor: Tensor): Comparand {
  return { name: tensor.name, shape: tensor.shape, kind: 'buffer', storage: { kind: 'stored', tensor } };
}

/** Whether values alone do not say that all is the same: they are computed, and the same ones may come of other bytes. */
export function needsBytes({ storage }: Comparand): boolean {
  return storage.kind !== 'stored';
}

/** How a comparand is stored, for people: `BF16`, `GPTQ (4 bits, groups of 128)`, `BF16 with an adapter`. */
export function describeStorage({ storage }: Comparand): string {
  return storage.kind === 'codes' ? describeCoding(storage) : describeRecipe(storage);
}

function describeRecipe(recipe: Recipe): string {
  if (factorsOf(recipe) !== null) return "an adapter's ΔW";
  const stored = [...new Set(tensorsOf(unadapted(recipe)).map(({ dtype }) => dtype))].join(' and ');
  return hasProduct(recipe) ? `${stored} with an adapter` : stored;
}

/** Recipes that put values in another order, and change none. */
const rearranging: ReadonlySet<Recipe['kind']> = new Set([
  'reshaped',
  'part',
  'stack',
  'concatenation',
  'transposed',
  'regrouped',
] satisfies Recipe['kind'][]);

/** The dtype of values that are stored as they are, in whatever order; null where they are computed, or of several dtypes. */
export function storedDtype(recipe: Recipe): Dtype | null {
  if (recipe.kind === 'stored' || recipe.kind === 'strided') return recipe.tensor.dtype;
  if (!rearranging.has(recipe.kind) || !('of' in recipe)) return null;
  if ('kind' in recipe.of) return storedDtype(recipe.of);
  const [first = null, ...others] = new Set(recipe.of.map(storedDtype));
  return others.length === 0 ? first : null;
}

/**
 * Whether two comparands are stored in the same way, adapters of either aside: a difference is one of values. Codes that are made into
 * values by other formulas are not, even where they come to the same.
 */
export function isStoredAlike({ storage: a }: Comparand, { storage: b }: Comparand): boolean {
  if (a.kind === 'codes' && b.kind === 'codes' && formulaOf(a) !== formulaOf(b)) return false;
  const describe = (storage: ParameterStorage): string =>
    storage.kind === 'codes' ? describeCoding(storage) : describeRecipe(unadapted(storage));
  return describe(a) === describe(b);
}

/** What an adapter is applied to; of all else the recipe itself. */
function unadapted(recipe: Recipe): Recipe {
  if (!hasProduct(recipe)) return recipe;
  if (recipe.kind === 'sum') return unadapted(recipe.of[0]!);
  return recipe.kind === 'blockwise' || recipe.kind === 'normalised' || recipe.kind === 'transposed' ? unadapted(recipe.of) : recipe;
}

function hasProduct(recipe: Recipe): boolean {
  if (factorsOf(recipe) !== null) return true;
  if (!('of' in recipe)) return false;
  return 'kind' in recipe.of ? hasProduct(recipe.of) : recipe.of.some(hasProduct);
}

/** A stored tensor of each side whose bytes correspond. */
export interface BytePair {
  readonly a: Tensor;
  readonly b: Tensor;
  /** Bits of what is counted when it differs; null for scales and the like, which only decide whether all is the same. */
  readonly unitBits: number | null;
}

/** The tensors whose bytes say whether two comparands are the same; null when they are laid out differently, or made into something else. */
export function bytePairs(a: Comparand, b: Comparand): readonly BytePair[] | null {
  if (describeStorage(a) !== describeStorage(b) || formulaOf(a.storage) !== formulaOf(b.storage)) return null;
  const [partsA, partsB] = [partsOf(a), partsOf(b)];
  const names = Object.keys(partsA);
  if (names.length !== Object.keys(partsB).length) return null;
  const pairs = names.flatMap((name) => {
    const [partA, partB] = [partsA[name]!, partsB[name]];
    return partB !== undefined && isLaidOutAlike(partA, partB) ? [{ a: partA, b: partB, unitBits: unitBits(a, name, partA) }] : [];
  });
  return pairs.length === names.length ? pairs : null;
}

/** Codes are counted one by one where whole ones fill a byte, else by the elements that they are packed into. */
function unitBits({ storage }: Comparand, part: string, { dtype }: Tensor): number | null {
  const elementBits = Math.max(8, bitsOf(dtype));
  if (storage.kind === 'stored') return elementBits;
  if (storage.kind !== 'codes') return null;
  if (part !== 'codes' && 'codes' in storage.parts) return null;
  return storage.bits !== null && [1, 2, 4, 8].includes(storage.bits) ? storage.bits : elementBits;
}

/** What is made of stored tensors, as text, without what says where these lie; empty where they are taken as they are, or not understood. */
export function formulaOf(storage: ParameterStorage): string {
  const recipe = storage.kind === 'codes' ? storage.recipe : storage;
  if (recipe === null || recipe.kind === 'stored') return '';
  return JSON.stringify(recipe, (key, value: unknown) => (key === 'name' || key === 'shard' || key === 'start' ? undefined : value));
}

function partsOf({ storage }: Comparand): Readonly<Record<string, Tensor>> {
  if (storage.kind === 'codes') return storage.parts;
  return Object.fromEntries(tensorsOf(storage).entries());
}

function isLaidOutAlike(a: Tensor, b: Tensor): boolean {
  return a.dtype === b.dtype && a.shape.join() === b.shape.join();
}

/** Elements of a tensor as they are told apart by their bytes: those below a byte are taken by whole bytes. */
export function byteElements(tensor: Tensor): Tensor {
  if (bitsOf(tensor.dtype) >= 8) return tensor;
  return { ...tensor, dtype: 'U8', shape: [tensor.byteLength], elementCount: tensor.byteLength };
}
