import { bitsOf, type Dtype } from '../../../../src/checkpoint/index.js';
import { decodeToFloat64, encodeFromFloat64 } from '../../../../src/compute/reference/index.js';
import { shapeOf, type BlockwiseRecipe, type Recipe, type RoundedDtype } from '../../../../src/model/recipe/index.js';
import { blockElement } from './referenceBlocks.js';

/** Bytes of each stored tensor, by name. */
export type StoredBytes = ReadonlyMap<string, Uint8Array>;

/** Values of a recipe, each worked out by itself from its place in the tensor: the plain meaning of every kind. */
export function referenceValues(recipe: Recipe, bytes: StoredBytes): Float64Array {
  const shape = shapeOf(recipe);
  const count = shape.reduce((product, size) => product * size, 1);
  return Float64Array.from({ length: count }, (_, flat) => valueAt(recipe, placeOf(flat, shape), bytes));
}

function placeOf(flat: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (const size of shape.toReversed()) {
    place.unshift(flat % size);
    flat = Math.floor(flat / size);
  }
  return place;
}

function flatOf(place: readonly number[], shape: readonly number[]): number {
  return shape.reduce((flat, size, axis) => flat * size + place[axis]!, 0);
}

function valueAt(recipe: Recipe, place: readonly number[], bytes: StoredBytes): number {
  const at = (of: Recipe, where: readonly number[]): number => valueAt(of, where, bytes);
  switch (recipe.kind) {
    case 'stored':
      return elements(recipe.tensor.name, recipe.tensor.dtype, bytes)[flatOf(place, recipe.tensor.shape)]!;
    case 'strided':
      return elements(recipe.tensor.name, recipe.tensor.dtype, bytes)[
        recipe.offset + recipe.strides.reduce((sum, stride, axis) => sum + stride * place[axis]!, 0)
      ]!;
    case 'reshaped':
      return at(recipe.of, placeOf(flatOf(place, recipe.shape), shapeOf(recipe.of)));
    case 'part':
      return at(recipe.of, place.with(recipe.axis, recipe.first + recipe.step * place[recipe.axis]!));
    case 'stack':
      return at(recipe.of[place[0]!]!, place.slice(1));
    case 'concatenation': {
      let rest = place[recipe.axis]!;
      const part = recipe.of.find((candidate) => {
        const size = shapeOf(candidate)[recipe.axis]!;
        if (rest < size) return true;
        rest -= size;
        return false;
      });
      return at(part!, place.with(recipe.axis, rest));
    }
    case 'transposed':
      return at(recipe.of, [...place.slice(0, -2), place.at(-1)!, place.at(-2)!]);
    case 'regrouped': {
      const size = recipe.first * recipe.second;
      const [outer, inner] = [Math.floor(place[0]! / size), place[0]! % size];
      const [second, first] = [Math.floor(inner / recipe.first), inner % recipe.first];
      return at(recipe.of, place.with(0, outer * size + first * recipe.second + second));
    }
    case 'gathered':
      return at(recipe.of, place.with(0, elements(recipe.indices.name, recipe.indices.dtype, bytes)[place[0]!]!));
    case 'unpacked':
      return unpackedAt(recipe, place, bytes);
    case 'blocks':
      return blockElement(recipe.type, bytes.get(recipe.tensor.name)!, flatOf(place, recipe.shape));
    case 'lookup': {
      const index = at(recipe.of, place);
      return ('kind' in recipe.table ? elements(recipe.table.tensor.name, recipe.table.tensor.dtype, bytes) : recipe.table)[index]!;
    }
    case 'blockwise': {
      const [row, column] = [place.length > 1 ? place.at(-2)! : 0, place.at(-1)!];
      const block = [Math.floor(row / recipe.blockRows), Math.floor(column / recipe.blockColumns)];
      return operate(
        recipe.operation,
        at(recipe.of, place),
        at(recipe.by, place.length > 1 ? [...place.slice(0, -2), ...block] : block.slice(1)),
      );
    }
    case 'low-rank': {
      let sum = 0;
      for (let k = 0; k < shapeOf(recipe.a)[0]!; k++) sum += at(recipe.b, [place[0]!, k]) * at(recipe.a, [k, place[1]!]);
      return sum * recipe.scale;
    }
    case 'sum':
      return recipe.of.map((term) => at(term, place)).reduce((sum, term) => sum + term);
    case 'affine':
      return at(recipe.of, place) * recipe.scale + recipe.shift;
    case 'normalised': {
      let squares = 0;
      for (let column = 0; column < shapeOf(recipe).at(-1)!; column++) squares += at(recipe.of, place.with(-1, column)) ** 2;
      return at(recipe.of, place) / Math.sqrt(squares);
    }
    case 'rounded':
      return rounded(at(recipe.of, place), recipe.dtype);
  }
}

const decoded = new WeakMap<Uint8Array, Float64Array>();

function elements(name: string, dtype: Dtype, bytes: StoredBytes): Float64Array {
  const stored = bytes.get(name)!;
  const known = decoded.get(stored) ?? decodeToFloat64(dtype, stored, (stored.byteLength * 8) / bitsOf(dtype));
  decoded.set(stored, known);
  return known;
}

function unpackedAt(
  { tensor, shape, bits, axis, order }: Extract<Recipe, { kind: 'unpacked' }>,
  place: readonly number[],
  bytes: StoredBytes,
): number {
  const stored = bytes.get(tensor.name)!;
  const [column, columns] = [place.at(-1)!, shape.at(-1)!];
  const row = flatOf(place.slice(0, -1), shape.slice(0, -1));
  const inGroup = order.length === 0 ? 0 : column % order.length;
  const bit = axis === 1 ? (column - inGroup + (order[inGroup] ?? 0)) * bits : row * bits;
  const rowCount = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const wordBytes = { I32: 4, U32: 4, I16: 2, U8: 1, I8: 1 }[tensor.dtype as 'I32'];
  let value = 0;
  for (let i = 0; i < bits; i++) {
    const position = bit + i;
    const byte =
      axis === 1
        ? row * (stored.byteLength / rowCount) + Math.floor(position / 8)
        : Math.floor(position / (8 * wordBytes)) * columns * wordBytes + column * wordBytes + (Math.floor(position / 8) % wordBytes);
    value |= ((stored[byte]! >> (position % 8)) & 1) << i;
  }
  return value;
}

function operate(operation: BlockwiseRecipe['operation'], value: number, by: number): number {
  return { multiply: value * by, divide: value / by, subtract: value - by, add: value + by }[operation];
}

function rounded(value: number, dtype: RoundedDtype): number {
  return decodeToFloat64(dtype, encodeFromFloat64(dtype, Float64Array.of(value)), 1)[0]!;
}
