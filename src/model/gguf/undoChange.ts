import { shapeOf, type Recipe } from '../recipe/index.js';
import type { Change } from './family.js';
import { architectureValue, layerNumber, type GgufFacts } from './ggufFacts.js';

/** What is needed to undo a change. */
export interface ChangedPlace {
  readonly facts: GgufFacts;
  readonly layer: number;
}

/** A change that is undone in the values; `experts` is one of how they are stored. */
export type ValueChange = Exclude<Change, 'experts'>;

/** The values as Hugging Face's model has them; null where the file does not say what is needed, or shapes do not fit. */
export function undoChange(change: ValueChange, values: Recipe, place: ChangedPlace): Recipe | null {
  switch (change) {
    case 'rotary query':
      return rowsOfPairs(values, headCount(place, 'attention.head_count'));
    case 'rotary key':
      return rowsOfPairs(values, keyHeads(place));
    case 'plus one':
      return { kind: 'affine', of: values, scale: 1, shift: -1 };
    case 'transposed':
    case 'transposed, whole name':
      return shapeOf(values).length >= 2 ? { kind: 'transposed', of: values } : values;
    case 'head by head':
      return headByHead(values, headCount(place, 'attention.head_count'));
    case 'group by group':
      return groupByGroup(values, headCount(place, 'attention.head_count'), keyHeads(place));
    case 'one row':
      return shapeOf(values).length === 1 ? reshaped(values, [1, ...shapeOf(values)]) : values;
    case 'whole name':
      return values;
    default:
      return change satisfies never;
  }
}

function headCount({ facts, layer }: ChangedPlace, key: string): number | null {
  const count = layerNumber(facts, key, layer);
  return count !== null && Number.isSafeInteger(count) && count > 0 ? count : null;
}

/** Heads of keys; where the file does not say, every query head has its own. */
function keyHeads(place: ChangedPlace): number | null {
  const key = 'attention.head_count_kv';
  return architectureValue(place.facts, key) === null ? headCount(place, 'attention.head_count') : headCount(place, key);
}

/**
 * Converters put the two rows that a rotation turns together next to each other, `[head, half, 2]`; transformers has one half of a
 * head's rows after the other, `[head, 2, half]`.
 */
function rowsOfPairs(values: Recipe, heads: number | null): Recipe | null {
  const rows = shapeOf(values)[0] ?? 1;
  if (heads === null || rows % (2 * heads) !== 0) return null;
  return { kind: 'regrouped', of: values, first: rows / heads / 2, second: 2 };
}

/** `[3, heads, size]` to `[heads, 3, size]`. */
function headByHead(values: Recipe, heads: number | null): Recipe | null {
  const shape = shapeOf(values);
  if (heads === null || shape[0]! % (3 * heads) !== 0) return null;
  const blocks = blocksOf(values, 3 * heads);
  return reshaped({ kind: 'regrouped', of: blocks, first: 3, second: heads }, shape);
}

/** All queries, then all keys, then all values, to the queries, the key and the value of one group after the other. */
function groupByGroup(values: Recipe, heads: number | null, groups: number | null): Recipe | null {
  const shape = shapeOf(values);
  if (heads === null || groups === null || heads % groups !== 0 || shape[0]! % (heads + 2 * groups) !== 0) return null;
  const blocks = blocksOf(values, heads + 2 * groups);
  const size = shapeOf(blocks)[1]!;
  const rows = (first: number, count: number): Recipe => {
    const part: Recipe = { kind: 'part', of: blocks, axis: 0, first, count, step: 1 };
    return reshaped(part, [groups, (count / groups) * size]);
  };
  const parts = [rows(0, heads), rows(heads, groups), rows(heads + groups, groups)];
  return reshaped({ kind: 'concatenation', axis: 1, of: parts }, shape);
}

/** As a matrix of so many rows. */
function blocksOf(values: Recipe, count: number): Recipe {
  const total = shapeOf(values).reduce((product, size) => product * size, 1);
  return reshaped(values, [count, total / count]);
}

function reshaped(of: Recipe, shape: readonly number[]): Recipe {
  return { kind: 'reshaped', of, shape };
}
