import { join } from 'node:path';
import { inParallel } from '../base/inParallel.js';
import { FileByteSource } from './fileByteSource.js';
import { recognise } from './formats/index.js';
import { isTrainingState } from './trainingState.js';
import { parseWeightsName } from './weightsName.js';

/** More files of uncertain endings lie in one folder where these are data, not models. */
const maxLoose = 200;

/** Names that only weights have, whatever their ending. */
const certainStem = /^(?:pytorch_model|diffusion_pytorch_model|adapter_model|pytorch_lora_weights)\b/;

/** Files of a folder that hold weights, as far as names and first bytes say. */
export interface LooseFiles {
  readonly weights: readonly string[];
  /** How many were not looked into, since there are too many of them. */
  readonly unknown: number;
}

/**
 * Leaves out what only ends like weights: `.bin`, `.pt` and the like are used for anything. Of these a file is taken that is called as
 * weights are, or whose first bytes are those of a format that is read; what training leaves beside weights is not.
 * @param names of files in the folder
 */
export async function recogniseLoose(folder: string, names: readonly string[]): Promise<LooseFiles> {
  const named = names.filter((name) => parseWeightsName(name) !== null && !isData(name));
  const uncertain = named.filter(isUncertain);
  const loose = uncertain.filter((name) => !isTrainingState(name));
  const known = loose.length > maxLoose ? [] : await inParallel(loose, (name) => isRecognised(join(folder, name)));
  const kept = new Set(loose.filter((_, i) => known[i]));
  const weights = named.filter((name) => kept.has(name) || !isUncertain(name));
  return { weights: withoutParallel(weights), unknown: loose.length - known.length };
}

/** Arrays are mostly data: weights have the names that MLX gives them. */
function isData(name: string): boolean {
  const { stem, format } = parseWeightsName(name)!;
  return format === 'numpy' && !(/^(?:model|weights|adapters)$/.test(stem) && name.endsWith('.npz'));
}

function isUncertain(name: string): boolean {
  const { stem, format, shard } = parseWeightsName(name)!;
  return format === 'pytorch' && shard === null && !certainStem.test(stem);
}

async function isRecognised(path: string): Promise<boolean> {
  const source = await FileByteSource.open(path).catch(() => null);
  if (source === null) return false;
  try {
    return await recognise(source);
  } catch {
    return false; // what cannot be read is no model yet; naming it says why
  } finally {
    await source.close();
  }
}

const parallel = /^consolidated\.\d+\.pth$/;

/** Files of Llama's own format are slices of the same tensors where there are several, and none of them is a model. */
function withoutParallel(names: readonly string[]): readonly string[] {
  return names.filter((name) => parallel.test(name)).length > 1 ? names.filter((name) => !parallel.test(name)) : names;
}
