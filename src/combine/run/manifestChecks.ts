import { boolean, condition, count, fields, listOf, number, oneOf, only, orNull, text, type Check } from '../../base/json/check.js';
import { isRecord } from '../../base/json/record.js';
import { isDtype } from '../../checkpoint/index.js';
import { recipeCheck, shapeOf, tensorsOf, valueDtype } from '../../model/recipe/index.js';
import type { PlanInputShard, PlannedSource } from '../plan.js';
import type { Manifest } from './manifest.js';
import { hashRule } from './treeHash.js';

const dtype = condition((value) => typeof value === 'string' && isDtype(value), 'a dtype');
const hash = condition((value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value), '32 hexadecimal digits');
const fileName = condition((value) => typeof value === 'string' && /^(?!\.\.?$)[^/\\]+$/.test(value), 'a plain file name');

const inputShard = fields({ path: text, byteLength: count, modifiedAt: number, headerSha256: text, sha256: orNull(text) });

const rounding = fields({
  changedCount: count,
  unmovedCount: count,
  normLost: number,
  normDelta: number,
  nonFiniteCount: count,
  overflowCount: count,
});

const place = { name: text, dtype, shape: listOf(count), byteLength: count };
const storedSource = fields({ ...place, shard: count, start: count });
const computedSource = fields({ ...place, recipe: recipeCheck });
const source: Check = (value) => (isRecord(value) && 'recipe' in value ? computedSource(value) : storedSource(value));

const tensor = fields({
  name: text,
  dtype,
  shape: listOf(count),
  action: oneOf(['combined', 'copied', 'grown', 'skipped']),
  scales: listOf(number),
  sources: listOf(orNull(source)),
  rows: orNull(count),
  shard: count,
  offset: count,
  byteLength: count,
  hash,
});

/** Every field of a manifest that the tool relies on when it reads files and computes. */
export const manifestCheck: Check = fields({
  format: only('model-rebase'),
  version: only(1),
  formula: text,
  hashRule: only(hashRule),
  combination: fields({ steps: listOf(fields({ scale: number, plus: text, minus: orNull(text) })) }),
  request: fields({ scales: listOf(fields({ pattern: orNull(text), scale: number })) }),
  inputs: listOf(fields({ role: text, path: text, shards: listOf(inputShard) })),
  planDigest: text,
  rounding: fields({ total: rounding, layers: listOf(rounding) }),
  shards: listOf(fields({ file: fileName, headerByteLength: count, dataByteLength: count, hash })),
  rowMaps: listOf(listOf(fields({ count, copied: boolean, sources: listOf(orNull(count)) }))),
  tensors: listOf(tensor),
  files: listOf(fields({ name: fileName, byteLength: count, hash })),
});

/** What in a manifest points at a place in another list that has none: the tensor's name, and what is missing. */
export function danglingReference({
  tensors,
  shards,
  inputs,
  rowMaps,
  combination,
}: Manifest): { tensor: string; expected: string } | null {
  for (const { name, shard, rows, sources, scales, offset, byteLength } of tensors) {
    const file = shards[shard];
    const refuse = (expected: string) => ({ tensor: name, expected });
    if (file === undefined || offset + byteLength > file.dataByteLength) return refuse('a place in one of the weights files');
    if (rows !== null && rowMaps[rows] === undefined) return refuse('one of the row maps');
    if (scales.length !== combination.steps.length) return refuse('a scale for each step');
    const hasSources = sources.length === inputs.length && sources.every((from, i) => from === null || liesIn(from, inputs[i]!.shards));
    if (!hasSources) return refuse('a source for each input');
  }
  return null;
}

function liesIn(source: PlannedSource, shards: readonly PlanInputShard[]): boolean {
  if (!('recipe' in source)) return shards[source.shard] !== undefined;
  const { recipe, shape, dtype } = source;
  const isWithin = tensorsOf(recipe).every(({ shard, start, byteLength }) => start + byteLength <= (shards[shard]?.byteLength ?? -1));
  return isWithin && valueDtype(recipe) === dtype && shapeOf(recipe).join() === shape.join();
}
