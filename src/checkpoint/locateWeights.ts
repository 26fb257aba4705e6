import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toAccessError } from '../base/fileAccess.js';
import type { Finding } from './finding.js';
import { FileAccessError, FormatError } from '../base/formatError.js';
import { maxTextBytes, readText } from '../base/readFile.js';
import { listFiles } from './listFiles.js';
import { parseShardIndex, type ShardIndex } from './shardIndex.js';

/** The files that make up one checkpoint. */
export interface WeightFiles {
  readonly folder: string;
  /** Paths of the shards in order. */
  readonly paths: readonly string[];
  readonly index: ShardIndex | null;
  readonly findings: readonly Finding[];
}

export const indexSuffix = '.safetensors.index.json';
export const weightsSuffix = '.safetensors';
/** `model-00001-of-00003.safetensors`: stem, number, count. */
export const numberedShard = /^(.*)-(\d+)-of-(\d+)\.safetensors$/;
export const standardIndex = `model${indexSuffix}`;
export const standardFile = `model${weightsSuffix}`;

/**
 * Finds the weights that a path names: a file itself, the shards of an index, or what a folder holds.
 * @throws FileAccessError when there is nothing to open, FormatError when an index is broken.
 */
export async function locateWeights(path: string): Promise<WeightFiles> {
  if (await isFolder(path)) return locateInFolder(path);
  if (path.endsWith(indexSuffix)) return locateByIndex(dirname(path), basename(path), []);
  return { folder: dirname(path), paths: [path], index: null, findings: [] };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw toAccessError(path, error);
  }
}

async function locateInFolder(folder: string): Promise<WeightFiles> {
  const names = await listFiles(folder);
  const index = chooseIndex(folder, names);
  if (index !== null) return locateByIndex(folder, index, names);
  const files = names.filter((name) => name.endsWith(weightsSuffix));
  if (files.length === 0) throw noWeights(folder, names);
  if (files.includes(standardFile)) return { folder, paths: [join(folder, standardFile)], index: null, findings: [] };
  return { folder, paths: files.map((name) => join(folder, name)), index: null, findings: shardFindings(folder, files) };
}

function chooseIndex(folder: string, names: readonly string[]): string | null {
  const indices = names.filter((name) => name.endsWith(indexSuffix));
  if (indices.includes(standardIndex)) return standardIndex;
  if (indices.length <= 1) return indices[0] ?? null;
  throw new FileAccessError({
    file: folder,
    problem: 'folder holds several checkpoints',
    expected: 'one index',
    actual: indices.join(', '),
    remedy: 'Name one of these index files instead of the folder.',
  });
}

async function locateByIndex(folder: string, indexName: string, names: readonly string[]): Promise<WeightFiles> {
  const file = join(folder, indexName);
  const text = await readText(file, { maxBytes: maxTextBytes });
  const index = parseShardIndex(file, text);
  const shards = [...new Set(index.fileOf.values())].sort();
  for (const shard of shards) await requireShard(index, join(folder, shard));
  return { folder, paths: shards.map((name) => join(folder, name)), index, findings: unlistedFiles(index, shards, names) };
}

async function requireShard(index: ShardIndex, path: string): Promise<void> {
  const stats = await stat(path).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) throw toAccessError(path, error);
    throw missingShard(index, path);
  });
  if (!stats.isFile()) throw missingShard(index, path);
}

function missingShard(index: ShardIndex, path: string): FormatError {
  const name = basename(path);
  const [tensor] = [...index.fileOf].find(([, file]) => file === name) ?? [];
  return new FormatError({
    file: index.file,
    ...(tensor === undefined ? {} : { tensor }),
    problem: 'index names a file that is not there',
    expected: `a file ${path}`,
    remedy: 'Finish the download, or put the missing file beside the index.',
  });
}

function unlistedFiles(index: ShardIndex, shards: readonly string[], names: readonly string[]): Finding[] {
  const listed = new Set(shards);
  const others = names.filter((name) => name.endsWith(weightsSuffix) && !listed.has(name));
  if (others.length === 0) return [];
  const message = `Not part of this checkpoint, because its index does not name them: ${others.join(', ')}.`;
  return [{ severity: 'info', code: 'file-not-in-index', message, file: index.file }];
}

function shardFindings(folder: string, files: readonly string[]): Finding[] {
  if (files.length === 1) return [];
  const message = `The folder has no ${standardIndex}; its ${files.length} .safetensors files are read as one checkpoint.`;
  return [{ severity: 'warning', code: 'index-missing', message, file: folder }, ...missingNumbers(folder, files)];
}

/** More than any model has: a name may say any number. */
const maxShards = 100_000;

/** `model-00001-of-00003.safetensors` says how many there should be. */
function missingNumbers(folder: string, files: readonly string[]): Finding[] {
  const present = new Set(files);
  const missing = new Set<string>();
  const seen = new Set<string>();
  for (const name of files) {
    const [, stem = '', digits = '', count = '0'] = numberedShard.exec(name) ?? [];
    const set = [stem, digits.length, count].join('/');
    if (seen.has(set)) continue;
    seen.add(set);
    for (let number = 1; number <= Math.min(Number(count), maxShards); number++) {
      const wanted = `${stem}-${String(number).padStart(digits.length, '0')}-of-${count}${weightsSuffix}`;
      if (!present.has(wanted)) missing.add(wanted);
    }
  }
  if (missing.size === 0) return [];
  const message = `Shards are missing: ${[...missing].slice(0, 5).join(', ')}${missing.size > 5 ? ` and ${missing.size - 5} more` : ''}. Finish the download.`;
  return [{ severity: 'error', code: 'shard-missing', message, file: folder }];
}

function noWeights(folder: string, names: readonly string[]): FileAccessError {
  const others = names.filter((name) => /\.(bin|pt|pth|ckpt|gguf|onnx|h5|msgpack|npz)$/.test(name));
  return new FileAccessError({
    file: folder,
    problem: 'folder holds no weights',
    expected: 'a .safetensors file or a .safetensors.index.json',
    actual: others.length > 0 ? others.slice(0, 5).join(', ') : `${names.length} other files`,
    remedy: others.length > 0 ? 'Convert the weights to safetensors first.' : 'Name the folder that holds the weights.',
  });
}
