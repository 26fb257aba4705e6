import { CompanionReader, openCheckpoint, parseSum, type Checkpoint, type Finding } from '../checkpoint/index.js';
import { behaviourFindings } from './behaviour/index.js';
import { readAdapterFile, recogniseAdapter, type AdapterFile } from './adapters/index.js';
import { ggufConfig, ggufFactsOf, huggingFaceParameters } from './gguf/index.js';
import { checkHealth } from './health/index.js';
import type { Model } from './model.js';
import { interpretTensors, readDescriptions, type TensorFacts } from './parameters/index.js';
import { quantisationFindings, readStatement } from './quantisation/index.js';
import { sumOfModels, type AdapterTerm } from './sumOfModels.js';
import { readModelConfig, type ModelConfig, type ModelSettings } from './settings/index.js';

/** What the files beside the weights say. */
export interface ModelFacts extends TensorFacts {
  readonly config: ModelConfig | null;
  readonly settings: ModelSettings | null;
  readonly adapterFile: AdapterFile;
  /** What was odd about those files. */
  readonly findings: readonly Finding[];
}

/** What is known of weights that lie alone. */
export const noFacts: ModelFacts = {
  config: null,
  settings: null,
  adapterFile: { root: null, findings: [] },
  statement: null,
  descriptions: new Map(),
  findings: [],
};

/**
 * Opens a model version by its address: a checkpoint with what the files beside its weights say, or a base with adapters
 * (`BASE+ADAPTER*0.5`, see `parseSum`). Reads headers, small files, and the few bytes that describe
 * quantised weights, so the time does not depend on the size of the weights. A file beside the weights that cannot be read is a
 * finding, never an error.
 * @param companions for callers that read files beside the weights themselves
 * @throws FileAccessError, FormatError; the signal's reason when aborted.
 */
export async function openModel(address: string, signal?: AbortSignal, companions = new CompanionReader(signal)): Promise<Model> {
  const { base, adapters } = parseSum(address);
  const terms: AdapterTerm[] = [];
  const model = await openOne(base, signal, companions);
  for (const term of adapters) terms.push({ model: await openOne(term.address, signal, companions), scale: term.scale });
  return terms.length === 0 ? model : sumOfModels(model, terms);
}

async function openOne(address: string, signal: AbortSignal | undefined, companions: CompanionReader): Promise<Model> {
  const checkpoint = await openCheckpoint(address, signal, companions);
  const { folder } = checkpoint;
  const gguf = ggufFactsOf(checkpoint);
  // Such a file has all of this inside, and what lies beside it may be another model's.
  if (gguf !== null) return assembleModel(checkpoint, { ...noFacts, ...ggufConfig(gguf, checkpoint) });
  const [config, behaviour, adapterFile, statement, descriptions] = await Promise.all([
    readModelConfig(folder, companions),
    behaviourFindings(folder, companions),
    readAdapterFile(folder, companions),
    readStatement(folder, companions),
    readDescriptions(checkpoint, signal),
  ]);
  return assembleModel(checkpoint, { ...config, findings: [...config.findings, ...behaviour], adapterFile, statement, descriptions });
}

/** A model from its stored tensors and what the files beside them say. Reads nothing. */
export function assembleModel(checkpoint: Checkpoint, facts: ModelFacts): Model {
  const { config, settings, statement, adapterFile } = facts;
  const gguf = ggufFactsOf(checkpoint);
  const plain = interpretTensors(checkpoint, facts);
  const { findings, adapter, ...meaning } =
    gguf === null ? { ...plain, ...recogniseAdapter(checkpoint, adapterFile.root) } : huggingFaceParameters(plain, gguf, checkpoint.path);
  const model = { ...checkpoint, config, settings, ...meaning, adapter };
  return {
    ...model,
    findings: [
      ...checkpoint.findings,
      ...facts.findings,
      ...adapterFile.findings,
      ...findings,
      ...quantisationFindings(checkpoint.path, meaning.parameters, adapter === null ? statement : null),
      ...checkHealth(model),
    ],
  };
}
