import { join } from 'node:path';
import { isRecord } from '../../base/json/record.js';
import { FileAccessError, FormatError } from '../../base/formatError.js';
import type { JsonObject } from '../../base/json/readJson.js';
import type { CompanionReader } from '../../checkpoint/index.js';

/** What a file beside the weights says about their quantisation. */
export interface QuantisationStatement {
  /** Name of the file. */
  readonly file: string;
  /** Lower case: `gptq`, `compressed-tensors`; `mlx` for MLX's own field; empty where the file names no method. */
  readonly method: string;
  /** The settings beside the method, as the file has them. */
  readonly settings: JsonObject;
}

/** Files that state a quantisation, those first that loaders believe first. */
const readers: readonly (readonly [file: string, read: (root: JsonObject) => Omit<QuantisationStatement, 'file'> | null])[] = [
  ['config.json', readConfig],
  ['hf_quant_config.json', readModelOpt],
  ['quantize_config.json', (root) => ({ method: methodOf(root, 'gptq'), settings: root })],
  ['quant_config.json', (root) => ('w_bit' in root || 'bits' in root ? { method: methodOf(root, 'awq'), settings: root } : null)],
];

/**
 * The first statement in a folder, completed by later ones of the same method: `checkpoint_format` of GPTQ may stand in
 * `quantize_config.json` alone. Null where no file makes one. A file that cannot be read makes none: what its weights
 * are shows in the tensors too, and that `config.json` is damaged is said elsewhere.
 */
export async function readStatement(folder: string, companions: CompanionReader): Promise<QuantisationStatement | null> {
  const statements: QuantisationStatement[] = [];
  for (const [file, read] of readers) {
    const root = await readableObject(join(folder, file), companions);
    const statement = root === null ? null : read(root);
    if (statement !== null) statements.push({ file, ...statement });
  }
  const [first, ...others] = statements;
  if (first === undefined) return null;
  const completing = others.filter(({ method }) => method === first.method).map(({ settings }) => settings);
  return { ...first, settings: Object.assign({}, ...completing.toReversed(), first.settings) as JsonObject };
}

async function readableObject(path: string, companions: CompanionReader): Promise<JsonObject | null> {
  try {
    return await companions.object(path);
  } catch (error) {
    if (error instanceof FormatError || error instanceof FileAccessError) return null;
    throw error;
  }
}

/** Where `config.json` states it: at the top, in the language model's part, or in any other part. */
function readConfig(root: JsonObject): Omit<QuantisationStatement, 'file'> | null {
  const parts = [root, ...Object.values(root).filter(isRecord)];
  for (const part of parts) {
    const settings = part['quantization_config'] ?? part['compression_config'];
    if (isRecord(settings)) return { method: methodOf(settings, fallbackMethod(settings)), settings };
  }
  return readMlx(root);
}

/** Paths of the fields of a `config.json` that state a quantisation: they go where the weights are decoded. */
export function statingFields(root: JsonObject): string[][] {
  const parts = [[], ...Object.keys(root).map((name) => [name])];
  return parts.flatMap((path) => {
    const part = path.length === 0 ? root : root[path[0]!];
    const isStated = (name: string): boolean => isRecord(part) && isRecord(part[name]);
    return ['quantization_config', 'compression_config', 'quantization'].filter(isStated).map((name) => [...path, name]);
  });
}

/** MLX states `group_size`, `bits` and `mode` under `quantization`, with exceptions by module. */
function readMlx({ quantization }: JsonObject): Omit<QuantisationStatement, 'file'> | null {
  if (!isRecord(quantization)) return null;
  const isMlx = 'group_size' in quantization && 'bits' in quantization;
  return { method: methodOf(quantization, isMlx ? 'mlx' : ''), settings: quantization };
}

/** NVIDIA's Model Optimizer writes a file of its own beside `config.json`. */
function readModelOpt({ quantization }: JsonObject): Omit<QuantisationStatement, 'file'> | null {
  return isRecord(quantization) ? { method: methodOf(quantization, 'modelopt'), settings: quantization } : null;
}

/** Older files leave the method out. */
function fallbackMethod(settings: JsonObject): string {
  if ('load_in_4bit' in settings || 'load_in_8bit' in settings) return 'bitsandbytes';
  if ('config_groups' in settings) return 'compressed-tensors';
  if ('quant_algo' in settings) return 'modelopt';
  return 'w_bit' in settings ? 'awq' : '';
}

function methodOf(settings: JsonObject, fallback: string): string {
  const method = settings['quant_method'];
  return typeof method === 'string' && method !== '' ? method.toLowerCase().replaceAll('_', '-') : fallback;
}

/** A setting that is a count. */
export function countIn(settings: JsonObject | undefined, ...names: readonly string[]): number | null {
  const values = names.map((name) => settings?.[name]);
  return values.find((value): value is number => Number.isSafeInteger(value) && (value as number) > 0) ?? null;
}
