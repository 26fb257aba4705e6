import { bitsOf, isReadable, type Tensor } from '../checkpoint/index.js';
import type { Model } from '../model/index.js';
import { changedWeights, type ChangedWeight } from '../model/adapters/index.js';
import type { ParameterStorage } from '../model/parameters/index.js';
import { describeCoding } from '../model/quantisation/index.js';
import { tensorsOf, type Recipe } from '../model/recipe/index.js';

/** What a version has to compare under one name: a parameter, or a buffer that is none. */
export interface Comparand {
  readonly name: string;
  /** Null when only codes of a scheme that is not understood are there. */
  readonly shape: readonly number[] | null;
  readonly kind: 'parameter' | 'buffer';
  readonly storage: Recipe | ParameterStorage;
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

/** How the values of a comparand are read; null where they are not: codes without a formula, dtypes that are listed only. */
export function valuesOf({ storage }: Comparand): Recipe | null {
  if (storage.kind === 'codes') return storage.recipe;
  return storage.kind !== 'stored' || isReadable(storage.tensor.dtype) ? storage : null;
}

/** Whether values alone do not say that all is the same: they are computed, and the same ones may come of other bytes. */
export function needsBytes({ storage }: Comparand): boolean {
  return storage.kind !== 'stored';
}

/** How a comparand is stored, for people: `BF16`, `GPTQ (4 bits, groups of 128)`. */
export function describeStorage({ storage }: Comparand): string {
  if (storage.kind === 'codes') return describeCoding(storage);
  return storage.kind === 'stored' ? storage.tensor.dtype : "an adapter's ΔW";
}

/** A stored tensor of each side whose bytes correspond. */
export interface BytePair {
  readonly a: Tensor;
  readonly b: Tensor;
  /** Bits of what is counted when it differs; null for scales and the like, which only decide whether all is the same. */
  readonly unitBits: number | null;
}

/** The tensors whose bytes say whether two comparands are the same; null when they are laid out differently. */
export function bytePairs(a: Comparand, b: Comparand): readonly BytePair[] | null {
  if (describeStorage(a) !== describeStorage(b)) return null;
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
