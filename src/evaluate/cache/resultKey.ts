import { createHash } from 'node:crypto';
import type { Tensor } from '../../checkpoint/index.js';
import type { ModelPlan, PlanInput, PlannedSource, PlannedTensor } from '../../combine/index.js';
import type { TokenSequence } from '../tasks/task.js';
import { recipeJson } from '../../model/recipe/index.js';
import { canonicalJson, type Fact } from './canonicalJson.js';

/** Raised whenever a result would come out differently for the same facts: older results then count as unknown. */
const scoringVersion = 2;

/** Everything that log-probabilities depend on. */
export interface ResultFacts {
  /** `weightsIdentity` of the candidate. */
  readonly weights: string;
  /** What the model computes, as its architecture says it. */
  readonly configuration: string;
  /** `sequencesIdentity` of what it reads: whatever tokenizer, text and settings led to it. */
  readonly sequences: string;
  readonly precision: 'stored' | 'f32';
  readonly provider: 'cpu' | 'webgpu';
}

/** SHA-256 over plain data in canonical form, hexadecimal. */
export function keyOf(facts: Fact): string {
  return createHash('sha256').update(canonicalJson(facts)).digest('hex');
}

/** The key of a result in a `ResultCache`. */
export function resultKey(facts: ResultFacts): string {
  return keyOf({ scoringVersion, ...facts });
}

/** Identities of weights files by their path: `shardIdentities` of all models that take part. */
export type FileIdentities = ReadonlyMap<string, string>;

/** Tells an input from another one by its weights, wherever they lie and whenever they were written. */
export function inputIdentity({ shards }: PlanInput, files: FileIdentities): string {
  return keyOf(shards.map(({ path }) => identityOf(path, files)));
}

/** What runs of earlier versions have for an input: a hash of every shard's header, size and modification time. */
export function formerInputIdentity({ shards }: PlanInput): string {
  return keyOf(shards.map(({ headerSha256, byteLength, modifiedAt }) => ({ headerSha256, byteLength, modifiedAt })));
}

/** Tells token sequences from others, with what of them is scored. */
export function sequencesIdentity(sequences: readonly TokenSequence[]): string {
  const hash = createHash('sha256');
  for (const { tokens, firstScored } of sequences)
    hash.update(Uint32Array.of(tokens.length, firstScored)).update(new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength));
  return hash.digest('hex');
}

/**
 * Tells candidates apart by their weights: a hash of where every value comes from and what is done with it. Choices
 * count by their effect, so that a model, and a path's end that is that model, have the same identity.
 */
export function weightsIdentity(plan: ModelPlan, identities: FileIdentities): string {
  const files = plan.inputs.map(({ shards }) => shards.map(({ path }) => identityOf(path, identities)));
  const roles = plan.inputs.map(({ role }) => role);
  const steps = plan.combination.steps.map(({ plus, minus }) => [roles.indexOf(plus), minus === null ? null : roles.indexOf(minus)]);
  const hash = createHash('sha256');
  for (const tensor of plan.tensors) hash.update(`${canonicalJson(tensorFacts(tensor, steps, files))}\n`);
  return hash.digest('hex');
}

function identityOf(path: string, files: FileIdentities): string {
  const identity = files.get(path);
  if (identity === undefined) throw new Error(`${path} came while the models were being looked at. Run it again.`);
  return identity;
}

function tensorFacts(
  { name, dtype, shape, action, scales, sources, rows }: PlannedTensor,
  steps: Fact,
  files: readonly (readonly string[])[],
): Fact {
  const places = sources.map((source, input) => (source === null ? null : placeOf(source, files[input]!)));
  const isCopy = action === 'copied' || action === 'skipped';
  const values: Fact = isCopy ? places.filter((place) => place !== null) : { steps, scales, places, rows: rows?.map(rowFacts) ?? null };
  return { name, dtype, shape, values };
}

function placeOf(source: PlannedSource, files: readonly string[]): Fact {
  const { dtype, shape } = source;
  if (!('recipe' in source)) return { file: files[source.shard]!, dtype, shape, start: source.start };
  const place = (tensor: Tensor): Fact => ({ file: files[tensor.shard]!, dtype: tensor.dtype, shape: tensor.shape, start: tensor.start });
  return JSON.parse(recipeJson(source.recipe, place)) as Fact;
}

function rowFacts({ count, sources, copied }: NonNullable<PlannedTensor['rows']>[number]): Fact {
  return { count, sources, copied };
}
