/** What the names of weights and of their indices say, before any file is opened. */

import { formats, type FormatId } from './formats/index.js';

/** One of several files, by its name. */
export interface ShardName {
  readonly number: number;
  readonly count: number;
  /** The name of the shard of another number. */
  readonly pattern: (number: number) => string;
  /** All of their names, with `*` for the number. */
  readonly glob: string;
}

/** A file of weights by its name. */
export interface WeightsName {
  /** What the files of one checkpoint share: `model`, `model.fp16`, `diffusion_pytorch_model`. May be empty for shards. */
  readonly stem: string;
  readonly format: FormatId;
  /** Present for one of several files: `00002-of-00005`. */
  readonly shard: ShardName | null;
}

/** `model-00001-of-00003.safetensors`, `model.safetensors-00001-of-…`, `model-00001-of-00003.fp16.safetensors` (diffusers before 0.28). */
const shardName = /^(.*?)([-_.]?)(\d{1,9})-of-(\d{1,9})((?:\.[^.]+)?)$/;

/** The index of a checkpoint, with its variant where `transformers` and diffusers write it, or where older diffusers did. */
const endings = formats.flatMap(({ suffixes }) => suffixes.map((suffix) => suffix.replace('.', '\\.'))).join('|');
const indexName = new RegExp(`^(.+(?:${endings}))((?:\\.[^.]+)?)\\.index((?:\\.[^.]+)?)\\.json$`);

/** The format whose files are called so, with the name before its ending. */
function splitSuffix(name: string): { readonly start: string; readonly suffix: string; readonly format: FormatId } | null {
  for (const { id, suffixes } of formats) {
    const suffix = suffixes.find((ending) => name.endsWith(ending));
    if (suffix !== undefined) return { start: name.slice(0, -suffix.length), suffix, format: id };
  }
  return null;
}

/** @returns null for files that hold no weights */
export function parseWeightsName(name: string): WeightsName | null {
  const split = splitSuffix(name);
  if (split === null) return null;
  const { start: whole, suffix, format } = split;
  const match = shardName.exec(whole);
  if (match === null) return { stem: whole, format, shard: null };
  const [, start = '', separator = '', digits = '', count = '', variant = ''] = match;
  const named = (number: string): string => `${start}${separator}${number}-of-${count}${variant}${suffix}`;
  const pattern = (number: number): string => named(String(number).padStart(digits.length, '0'));
  const stem = (start.endsWith(suffix) ? start.slice(0, -suffix.length) : start) + variant;
  return { stem, format, shard: { number: Number(digits), count: Number(count), pattern, glob: named('*') } };
}

/** The checkpoint that an index describes; null for files that are no index by their name. */
export function parseIndexName(name: string): Omit<WeightsName, 'shard'> | null {
  const [, file = '', variant = '', late = ''] = indexName.exec(name) ?? [];
  const split = splitSuffix(file);
  return split === null ? null : { stem: `${split.start}${variant}${late}`, format: split.format };
}

/** Names that say nothing of a model, because the files of every model have them. */
const commonStems: ReadonlySet<string> = new Set([
  ...['model', 'pytorch_model', 'diffusion_pytorch_model', 'adapter_model', 'adapters', 'consolidated'],
]);

/** The name of a checkpoint's file without what all such names have; null for other files and for folders. */
export function fileTitle(name: string): { readonly stem: string; readonly isCommon: boolean } | null {
  const indexed = parseIndexName(name);
  const stem = indexed === null ? (splitSuffix(name)?.start ?? '') : `${indexed.stem}.index`;
  return stem === '' ? null : { stem, isCommon: commonStems.has(/^[^.-]*/.exec(stem)![0]) };
}
