import { problemOnWindows } from '../base/windowsName.js';
import { FormatError } from '../base/formatError.js';
import { isRecord, parseJsonText } from '../base/json/record.js';

/** What a `*.safetensors.index.json` says: which file holds which tensor. */
export interface ShardIndex {
  /** Path of the index file. */
  readonly file: string;
  /** Bytes of all tensors by the index's own account; null when it gives none. */
  readonly totalSize: number | null;
  /** Tensor name to file, with `/` between folders. */
  readonly fileOf: ReadonlyMap<string, string>;
}

const remedy = 'Correct the index, or save the model again so that its index is rewritten.';

/**
 * Reads the text of an index.
 * @throws FormatError when it is not JSON, has no `weight_map`, or names a file outside its folder.
 */
export function parseShardIndex(file: string, text: string): ShardIndex {
  const root = parseJson(file, text);
  const weightMap = isRecord(root) ? root['weight_map'] : undefined;
  if (!isRecord(weightMap)) {
    throw new FormatError({ file, problem: 'index has no "weight_map"', expected: '{"weight_map": {tensor: file}}', remedy });
  }
  const entries = Object.entries(weightMap);
  if (entries.length === 0) throw new FormatError({ file, problem: 'index names no tensors', remedy });
  const fileOf = new Map(entries.map(([tensor, shard]) => [tensor, requireShardName(file, tensor, shard)]));
  return { file, totalSize: totalSizeOf(root), fileOf };
}

function parseJson(file: string, text: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    const actual = error instanceof Error ? error.message : String(error);
    throw new FormatError({ file, problem: 'index is not valid JSON', actual, remedy }, { cause: error });
  }
}

/**
 * Whether a name that a file gives leads to a place in its own folder or below: a relative path without `..`, schemes and backslashes. On
 * Windows names of devices lead elsewhere, too.
 */
export function isInnerPath(name: string, platform = process.platform): boolean {
  const isInner = (part: string): boolean => !['', '.', '..'].includes(part) && (platform !== 'win32' || problemOnWindows(part) === null);
  return !/[\\:\0]/.test(name) && name.split('/').every(isInner);
}

function requireShardName(file: string, tensor: string, shard: unknown): string {
  if (typeof shard === 'string' && isInnerPath(shard)) return shard;
  throw new FormatError({
    file,
    tensor,
    problem: 'index names a file outside its folder',
    expected: 'a file beside the index, or in a folder below it',
    actual: JSON.stringify(shard).slice(0, 120),
    remedy,
  });
}

function totalSizeOf(root: unknown): number | null {
  const metadata = isRecord(root) ? root['metadata'] : undefined;
  const total = isRecord(metadata) ? metadata['total_size'] : undefined;
  return typeof total === 'number' ? total : null;
}
