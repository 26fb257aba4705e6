import { join } from 'node:path';
import type { JsonObject } from '../../base/json/readJson.js';
import { CompanionReader, hashHeader, type Shard } from '../../checkpoint/index.js';
import { inputsOf } from '../combination.js';
import { diffVectorFacts, type DiffVectorFacts } from '../diffVector.js';
import type { PlanInput, PlanInputShard } from '../plan.js';
import type { CombineRequest, RequestedInput } from '../request.js';
import { VocabularyReader, type TokenizerVocabulary } from '../../model/vocabulary/index.js';
import { inParallel } from '../../base/inParallel.js';
import { openModel, type Model } from '../../model/index.js';
import { inputTensors, type InputTensor } from './inputTensors.js';

/** An input with everything that its headers and the files beside them say. */
export interface OpenInput {
  readonly role: string;
  readonly expect: RequestedInput['expect'];
  readonly checkpoint: Model;
  /** What it has by name, in the order in which it stores them. */
  readonly tensors: readonly InputTensor[];
  /** Where its files lie. */
  readonly folder: string;
  /** Present when it is a saved diff vector, or an adapter whose change is added. */
  readonly diffVector: DiffVectorFacts | null;
  /** Text of its `config.json`, parsed; null when there is none. */
  readonly config: JsonObject | null;
  readonly vocabulary: TokenizerVocabulary | null;
  /** Reads the files beside its weights. */
  readonly companions: CompanionReader;
  readonly planned: PlanInput;
}

/**
 * Opens the inputs of the formula, in its order; no weights are read.
 * @throws Error when the formula names an input that the request does not have; FormatError, FileAccessError, also for a
 * file that says what the weights or their rows mean and cannot be read
 */
export async function openInputs(
  request: CombineRequest,
  signal?: AbortSignal,
  companions = new CompanionReader(signal),
): Promise<readonly OpenInput[]> {
  const requested = inputsOf(request.combination).map((role) => findInput(request, role));
  const vocabularies = new VocabularyReader(companions);
  const inputs: OpenInput[] = [];
  for (const input of requested) inputs.push(await openInput(input, companions, vocabularies, signal));
  return inputs;
}

function findInput({ inputs }: CombineRequest, role: string): RequestedInput {
  const input = inputs.find((candidate) => candidate.role === role);
  if (input === undefined)
    throw new Error(
      `The formula names "${role}", but no model was given for it. Given: ${inputs.map(({ role: given }) => given).join(', ')}.`,
    );
  return input;
}

/** Say what the weights mean. A model opens without one that cannot be read, with a finding; no output is made of it. */
const meaningFiles = ['adapter_config.json', 'hf_quant_config.json', 'quantize_config.json', 'quant_config.json'];

async function openInput(
  { role, path, expect }: RequestedInput,
  companions: CompanionReader,
  vocabularies: VocabularyReader,
  signal?: AbortSignal,
): Promise<OpenInput> {
  const checkpoint = await openModel(path, signal, companions);
  const { folder } = checkpoint;
  const [shards, config, vocabulary] = await Promise.all([
    inParallel(checkpoint.shards, planShard),
    companions.object(join(folder, 'config.json')),
    vocabularies.readOf(checkpoint),
  ]);
  for (const name of meaningFiles) await companions.object(join(folder, name));
  const planned = { role, path: checkpoint.path, name: checkpoint.name, shards };
  const tensors = inputTensors(checkpoint);
  return { role, expect, checkpoint, tensors, folder, diffVector: diffVectorFacts(checkpoint), config, vocabulary, companions, planned };
}

/** What tells a file of weights from its successor. */
async function planShard({ path, byteLength, modifiedAt }: Shard): Promise<PlanInputShard> {
  return { path, byteLength, modifiedAt, headerSha256: await hashHeader(path) };
}
