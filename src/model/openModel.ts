import { CompanionReader, openCheckpoint, type Checkpoint, type Finding } from '../checkpoint/index.js';
import { checkHealth } from './health/index.js';
import type { Model } from './model.js';
import { interpretTensors } from './parameters/index.js';
import { readModelConfig, type ModelConfig, type ModelSettings } from './settings/index.js';

/** What the files beside the weights say. */
export interface ModelFacts {
  readonly config: ModelConfig | null;
  readonly settings: ModelSettings | null;
  /** What was odd about those files. */
  readonly findings: readonly Finding[];
}

/**
 * Opens a model version with what the files beside its weights say. Reads headers and small files only, so the time does
 * not depend on the size of the weights. A file beside the weights that cannot be read is a finding, never an error.
 * @param companions for callers that read files beside the weights themselves
 * @throws FileAccessError, FormatError; the signal's reason when aborted.
 */
export async function openModel(address: string, signal?: AbortSignal, companions = new CompanionReader(signal)): Promise<Model> {
  const checkpoint = await openCheckpoint(address, signal);
  return assembleModel(checkpoint, await readModelConfig(checkpoint.folder, companions));
}

/** A model from its stored tensors and what the files beside them say. Reads nothing. */
export function assembleModel(checkpoint: Checkpoint, { config, settings, findings }: ModelFacts): Model {
  const meaning = interpretTensors(checkpoint.tensors);
  return {
    ...checkpoint,
    config,
    settings,
    ...meaning,
    adapter: null,
    findings: [...checkpoint.findings, ...findings, ...checkHealth(checkpoint, config)],
  };
}
