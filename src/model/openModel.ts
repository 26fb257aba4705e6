import { folderOf, openCheckpoint } from '../checkpoint/index.js';
import { checkHealth } from './health/index.js';
import type { Model } from './model.js';
import { readModelConfig } from './settings/index.js';

/**
 * Opens a model version with what the files beside its weights say. Reads headers and small files only, so the time does
 * not depend on the size of the weights. A file beside the weights that cannot be read is a finding, never an error.
 * @throws FileAccessError, FormatError; the signal's reason when aborted.
 */
export async function openModel(path: string, signal?: AbortSignal): Promise<Model> {
  const checkpoint = await openCheckpoint(path, signal);
  const { config, settings, findings } = await readModelConfig(folderOf(checkpoint));
  return { ...checkpoint, config, settings, findings: [...checkpoint.findings, ...findings, ...checkHealth(checkpoint, config)] };
}
