import type { Parameter, ParameterStorage } from '../parameters/index.js';
import type { CodedStorage } from '../quantisation/index.js';
import { shapeOf, type Recipe } from '../recipe/index.js';
import type { Family, JoinedPlace } from './family.js';

interface Half {
  readonly place: JoinedPlace;
  readonly index: 0 | 1;
  readonly parameter: Parameter;
}

/** Pairs of tensors that are one in the model, put together as both are met. */
export class JoinedParameters {
  readonly #waiting = new Map<string, Half>();

  constructor(private readonly family: Family) {}

  /** @returns null for a tensor that is no half; nothing for the first half; the whole for the second */
  take(parameter: Parameter): readonly Parameter[] | null {
    const [, layer = '', stem = ''] = /^blk\.(\d{1,6})\.([a-z0-9_.]+)$/.exec(parameter.name) ?? [];
    const place = this.family.joined?.find(({ of }) => of.includes(stem));
    if (place === undefined) return null;
    const name = `${this.family.layers}.${layer}.${place.name}`;
    const half: Half = { place, index: place.of[0] === stem ? 0 : 1, parameter };
    const other = this.#waiting.get(name);
    if (other === undefined) {
      this.#waiting.set(name, half);
      return [];
    }
    if (other.index === half.index) return null;
    this.#waiting.delete(name);
    const halves = half.index === 0 ? ([half, other] as const) : ([other, half] as const);
    return join(name, place, halves[0].parameter, halves[1].parameter) ?? [halves[0].parameter, halves[1].parameter];
  }

  rest(): readonly Parameter[] {
    return [...this.#waiting.values()].map(({ parameter }) => parameter);
  }
}

/** Null where values are not known, or shapes do not fit. */
function join(name: string, place: JoinedPlace, first: Parameter, second: Parameter): readonly Parameter[] | null {
  const [a, b] = [valuesOf(first.storage), valuesOf(second.storage)];
  const joined = a && b && joinValues(place, a, b);
  if (joined === null) return null;
  const recipe: Recipe = place.isTransposed === true ? { kind: 'transposed', of: joined } : joined;
  const shape = shapeOf(recipe);
  const elementCount = shape.reduce((product, size) => product * size, 1);
  return [{ name, shape, elementCount, storage: storageOf(recipe, first.storage, second.storage) }];
}

function valuesOf(storage: ParameterStorage): Recipe | null {
  return storage.kind === 'codes' ? storage.recipe : storage;
}

function joinValues({ how }: JoinedPlace, a: Recipe, b: Recipe): Recipe | null {
  const [shapeA, shapeB] = [shapeOf(a), shapeOf(b)];
  if (shapeA.length < 2 || shapeA.length !== shapeB.length) return null;
  switch (how) {
    case 'behind each other':
      return isEqual(shapeA, shapeB) ? { kind: 'concatenation', axis: shapeA.length - 2, of: [a, b] } : null;
    case 'in turn':
      return isEqual(shapeA, shapeB) ? inTurn(a, b, shapeA) : null;
    case 'keys and values':
      return keysAndValues(a, b, shapeA, shapeB);
    default:
      return how satisfies never;
  }
}

/** Of biases, whose last axis are the outputs, one value of each in turn. */
function inTurn(a: Recipe, b: Recipe, shape: readonly number[]): Recipe {
  const isBias = shape.length === 2;
  const columns = isBias ? 1 : shape.at(-1)!;
  const rows = shape.reduce((product, size) => product * size, 1) / columns;
  const sideBySide: Recipe = { kind: 'concatenation', axis: 1, of: [reshaped(a, [rows, columns]), reshaped(b, [rows, columns])] };
  const axis = isBias ? 1 : shape.length - 2;
  return reshaped(sideBySide, shape.with(axis, shape[axis]! * 2));
}

/** `[heads, rank, keys]` and `[heads, values, rank]` to `[heads · (keys + values), rank]`. */
function keysAndValues(keys: Recipe, values: Recipe, shapeA: readonly number[], shapeB: readonly number[]): Recipe | null {
  const [heads, rank, size] = shapeA;
  if (shapeA.length !== 3 || heads !== shapeB[0] || rank !== shapeB[2]) return null;
  const both: Recipe = { kind: 'concatenation', axis: 1, of: [{ kind: 'transposed', of: keys }, values] };
  return reshaped(both, [heads! * (size! + shapeB[1]!), rank!]);
}

function reshaped(of: Recipe, shape: readonly number[]): Recipe {
  return { kind: 'reshaped', of, shape };
}

/** Codes where one of both is: what scheme it is says the first of them. */
function storageOf(recipe: Recipe, first: ParameterStorage, second: ParameterStorage): ParameterStorage {
  const coded = [first, second].find((storage): storage is CodedStorage => storage.kind === 'codes');
  if (coded === undefined) return recipe;
  const parts = [first, second].flatMap((storage, index) =>
    storage.kind === 'codes' ? Object.values(storage.parts).map((tensor) => [index === 0 ? 'codes' : 'otherCodes', tensor] as const) : [],
  );
  return { ...coded, parts: Object.fromEntries(parts), recipe };
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
