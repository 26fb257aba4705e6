import { bitsOf, type Tensor } from '../../checkpoint/index.js';
import { shapeOf, type Recipe, type StoredRecipe } from '../recipe/index.js';

/**
 * Recipes of rearranged values, as plain as they can be said: what lies in one piece in a file is a stored tensor itself, so that it is
 * read at the speed of one.
 */

/** Entries `[first, first + count)` of an axis. */
export function part(of: Recipe, axis: number, first: number, count: number): Recipe {
  const shape = shapeOf(of);
  if (first === 0 && count === shape[axis]) return of;
  const whole = of.kind === 'stored' ? of.tensor : null;
  const isOnePiece = shape.slice(0, axis).every((size) => size === 1);
  if (whole === null || !isOnePiece || whole.blocks !== undefined || bitsOf(whole.dtype) < 8)
    return { kind: 'part', of, axis, first, count, step: 1 };
  const entryLength = whole.byteLength / shape[axis]!;
  return stored({ ...whole, shape: shape.with(axis, count), start: whole.start + first * entryLength, byteLength: count * entryLength });
}

/** The same values in the same order under another shape. */
export function reshaped(of: Recipe, shape: readonly number[]): Recipe {
  if (sameShape(shapeOf(of), shape)) return of;
  if (of.kind === 'stored') return stored({ ...of.tensor, shape });
  return { kind: 'reshaped', of: of.kind === 'reshaped' ? of.of : of, shape };
}

/** The last two axes swapped; a vector stays as it is. */
export function transposed(of: Recipe): Recipe {
  if (shapeOf(of).length < 2) return of;
  return of.kind === 'transposed' ? of.of : { kind: 'transposed', of };
}

/** Null where the shapes do not go together. */
export function concatenation(of: readonly Recipe[], axis: number): Recipe | null {
  const shapes = of.map(shapeOf);
  const first = shapes[0]!;
  if (!shapes.every((shape) => shape.length === first.length && shape.every((size, i) => i === axis || size === first[i]))) return null;
  const total = shapes.reduce((sum, shape) => sum + shape[axis]!, 0);
  const isOnePiece = first.slice(0, axis).every((size) => size === 1);
  return (isOnePiece ? joined(of, first.with(axis, total)) : null) ?? { kind: 'concatenation', axis, of };
}

/** Null where the shapes differ. */
export function stack(of: readonly Recipe[]): Recipe | null {
  const shape = shapeOf(of[0]!);
  if (!of.every((item) => sameShape(shapeOf(item), shape))) return null;
  return joined(of, [of.length, ...shape]) ?? { kind: 'stack', of };
}

/** One stored tensor in place of some that follow each other within one. */
function joined(of: readonly Recipe[], shape: readonly number[]): StoredRecipe | null {
  const tensors = of.flatMap((item) => (item.kind === 'stored' ? [item.tensor] : []));
  const follows = (tensor: Tensor, i: number): boolean => {
    const before = tensors[i - 1];
    return (
      before === undefined ||
      (before.name === tensor.name && before.shard === tensor.shard && before.start + before.byteLength === tensor.start)
    );
  };
  if (tensors.length < of.length || !tensors.every(follows)) return null;
  return stored({ ...tensors[0]!, shape, byteLength: tensors.reduce((sum, { byteLength }) => sum + byteLength, 0) });
}

function stored(tensor: Tensor): StoredRecipe {
  return { kind: 'stored', tensor: { ...tensor, elementCount: elementsOf(tensor.shape) } };
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Whether one is the other with the last two axes swapped. */
export function swappedShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length >= 2 && sameShape([...a.slice(0, -2), a.at(-1)!, a.at(-2)!], b);
}

/** Whether only axes of size 1 differ, of something with more axes than a matrix: `[C, 1, K]` and `[C, K]`. */
export function isSqueezed(a: readonly number[], b: readonly number[]): boolean {
  const long = (shape: readonly number[]) => shape.filter((size) => size !== 1);
  return a.length !== b.length && Math.max(a.length, b.length) > 2 && sameShape(long(a), long(b));
}
