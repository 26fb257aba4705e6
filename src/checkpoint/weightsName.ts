/** What the names of weights and of their indices say, before any file is opened. */

export const weightsSuffix = '.safetensors';

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
  /** Present for one of several files: `00002-of-00005`. */
  readonly shard: ShardName | null;
}

/** `model-00001-of-00003.safetensors`, `model.safetensors-00001-of-…`, `model-00001-of-00003.fp16.safetensors` (diffusers before 0.28). */
const shardName = /^(.*?)([-_.]?)(\d{1,9})-of-(\d{1,9})((?:\.[^.]+)?)\.safetensors$/;

/** The index of a checkpoint, with its variant where `transformers` and diffusers write it, or where older diffusers did. */
const indexName = /^(.+)\.safetensors((?:\.[^.]+)?)\.index((?:\.[^.]+)?)\.json$/;

/** @returns null for files that hold no weights */
export function parseWeightsName(name: string): WeightsName | null {
  if (!name.endsWith(weightsSuffix)) return null;
  const match = shardName.exec(name);
  if (match === null) return { stem: name.slice(0, -weightsSuffix.length), shard: null };
  const [, start = '', separator = '', digits = '', count = '', variant = ''] = match;
  const named = (number: string): string => `${start}${separator}${number}-of-${count}${variant}${weightsSuffix}`;
  const pattern = (number: number): string => named(String(number).padStart(digits.length, '0'));
  const stem = (start.endsWith(weightsSuffix) ? start.slice(0, -weightsSuffix.length) : start) + variant;
  return { stem, shard: { number: Number(digits), count: Number(count), pattern, glob: named('*') } };
}

/** Stem of the checkpoint that an index describes; null for files that are no index by their name. */
export function parseIndexName(name: string): string | null {
  const match = indexName.exec(name);
  return match === null ? null : `${match[1]}${match[2]}${match[3]}`;
}

/** Names that say nothing of a model, because the files of every model have them. */
const commonStems: ReadonlySet<string> = new Set([
  ...['model', 'pytorch_model', 'diffusion_pytorch_model', 'adapter_model', 'adapters', 'consolidated'],
]);

/** The name of a checkpoint's file without what all such names have; null for other files and for folders. */
export function fileTitle(name: string): { readonly stem: string; readonly isCommon: boolean } | null {
  const indexed = parseIndexName(name);
  const stem = indexed === null ? withoutSuffix(name) : `${indexed}.index`;
  return stem === null ? null : { stem, isCommon: commonStems.has(/^[^.-]*/.exec(stem)![0]) };
}

function withoutSuffix(name: string): string | null {
  return name.length > weightsSuffix.length && name.endsWith(weightsSuffix) ? name.slice(0, -weightsSuffix.length) : null;
}
