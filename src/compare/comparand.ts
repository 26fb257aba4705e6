import { bitsOf, isReadable, type Tensor } from '../checkpoint/index.js';
import type { Model } from '../model/index.js';
import type { Parameter, ParameterStorage } from '../model/parameters/index.js';
import { describeCoding } from '../model/quantisation/index.js';
import type { Recipe } from '../model/recipe/index.js';

/** What a version has to compare under one name: a parameter, or a buffer that is none. */
export interface Comparand {
  readonly name: string;
  /** Null when only codes of a scheme that is not understood are there. */
  readonly shape: readonly number[] | null;
  readonly kind: 'parameter' | 'buffer';
  readonly storage: ParameterStorage;
}

/** Everything that a version stores, parameters first. */
export function comparandsOf({ parameters, buffers }: Model): Comparand[] {
  return [...parameters.map(ofParameter), ...buffers.map(ofBuffer)];
}

function ofParameter({ name, shape, storage }: Parameter): Comparand {
  return { name, shape, kind: 'parameter', storage };
}

function ofBuffer(tensor: Tensor): Comparand {
  return { name: tensor.name, shape: tensor.shape, kind: 'buffer', storage: { kind: 'stored', tensor } };
}

/** How the values of a comparand are read; null where they are not: codes without a formula, dtypes that are listed only. */
export function valuesOf({ storage }: Comparand): Recipe | null {
  if (storage.kind === 'codes') return storage.recipe;
  return storage.kind !== 'stored' || hasValues(storage.tensor) ? storage : null;
}

/** Float64 does not hold all integers of 64 bits: these are compared as bytes, which is exact. */
function hasValues({ dtype }: Tensor): boolean {
  return isReadable(dtype) && dtype !== 'I64' && dtype !== 'U64';
}

/** How a comparand is stored, for people: `BF16`, `GPTQ (4 bits, groups of 128)`. */
export function describeStorage({ storage }: Comparand): string {
  if (storage.kind === 'codes') return describeCoding(storage);
  return storage.kind === 'stored' ? storage.tensor.dtype : 'computed';
}

/** A stored tensor of each side whose bytes correspond. */
export interface BytePair {
  readonly a: Tensor;
  readonly b: Tensor;
}

/** The tensors whose bytes say whether two comparands are the same; null when they are laid out differently. */
export function bytePairs(a: Comparand, b: Comparand): readonly BytePair[] | null {
  const [partsA, partsB] = [partsOf(a), partsOf(b)];
  if (partsA === null || partsB === null || describeStorage(a) !== describeStorage(b)) return null;
  const names = Object.keys(partsA);
  if (names.length !== Object.keys(partsB).length) return null;
  const pairs = names.flatMap((name) => {
    const [partA, partB] = [partsA[name]!, partsB[name]];
    return partB !== undefined && isLaidOutAlike(partA, partB) ? [{ a: partA, b: partB }] : [];
  });
  return pairs.length === names.length ? pairs : null;
}

function partsOf({ storage }: Comparand): Readonly<Record<string, Tensor>> | null {
  if (storage.kind === 'codes') return storage.parts;
  return storage.kind === 'stored' ? { values: storage.tensor } : null;
}

function isLaidOutAlike(a: Tensor, b: Tensor): boolean {
  return a.dtype === b.dtype && a.shape.join() === b.shape.join();
}

/** Elements of a tensor as they are told apart by their bytes: those below a byte are taken by whole bytes. */
export function byteElements(tensor: Tensor): Tensor {
  if (bitsOf(tensor.dtype) >= 8) return tensor;
  return { ...tensor, dtype: 'U8', shape: [tensor.byteLength], elementCount: tensor.byteLength };
}
