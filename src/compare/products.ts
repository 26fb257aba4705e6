import { filesOf, type ProductPair } from '../compute/index.js';
import { factorsOf } from '../model/adapters/index.js';
import type { Model } from '../model/index.js';
import { tensorsOf } from '../model/recipe/index.js';
import type { Comparand } from './comparand.js';

/** Two comparands as products of the same shapes, to be compared by their factors; null where one is none. */
export function productPair([a, b]: readonly [Comparand, Comparand], [versionA, versionB]: readonly [Model, Model]): ProductPair | null {
  if (a.storage.kind === 'codes' || b.storage.kind === 'codes' || a.shape?.join() !== b.shape?.join()) return null;
  const [matricesA, matricesB] = [factorsOf(a.storage), factorsOf(b.storage)];
  if (matricesA === null || matricesA.length !== matricesB?.length) return null;
  return {
    a: { matrices: matricesA, files: filesOf(versionA, a.storage) },
    b: { matrices: matricesB, files: filesOf(versionB, b.storage) },
  };
}

/** Bytes of the factors. */
export function productsLength({ a, b }: ProductPair): number {
  const tensors = [...a.matrices, ...b.matrices].flatMap((matrix) => [...tensorsOf(matrix.b), ...tensorsOf(matrix.a)]);
  return [...new Set(tensors)].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
