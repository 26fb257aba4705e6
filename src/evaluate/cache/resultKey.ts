import { createHash } from 'node:crypto';
import type { ModelPlan, PlanInput, PlanInputShard, PlannedSource, PlannedTensor } from '../../combine/index.js';
import { canonicalJson, type Fact } from './canonicalJson.js';

/** Raised whenever a result would come out differently for the same facts: older results then count as unknown. */
const scoringVersion = 1;

/** Everything that log-probabilities depend on. */
export interface ResultFacts {
  /** `weightsIdentity` of the candidate. */
  readonly weights: string;
  /** Text of the candidate's `config.json`. */
  readonly configuration: string;
  /** `PreparedTask.hash`. */
  readonly taskHash: string;
  /** Which of the task's sequences. */
  readonly sequences: { readonly first: number; readonly count: number };
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

/** Tells versions of an input apart: a hash of every shard's header, size and modification time. */
export function inputIdentity({ shards }: PlanInput): string {
  return keyOf(shards.map(({ headerSha256, byteLength, modifiedAt }) => ({ headerSha256, byteLength, modifiedAt })));
}

/**
 * Tells candidates apart by their weights: a hash of where every value comes from and what is done with it. Choices
 * count by their effect, so that a model, and a path's end that is that model, have the same identity; inputs count by
 * path too, since archives give all their files one modification time.
 */
export function weightsIdentity(plan: ModelPlan): string {
  const files = plan.inputs.map(({ shards }) => shards.map(fileIdentity));
  const roles = plan.inputs.map(({ role }) => role);
  const steps = plan.combination.steps.map(({ plus, minus }) => [roles.indexOf(plus), minus === null ? null : roles.indexOf(minus)]);
  const hash = createHash('sha256');
  for (const tensor of plan.tensors) hash.update(`${canonicalJson(tensorFacts(tensor, steps, files))}\n`);
  return hash.digest('hex');
}

function fileIdentity({ path, headerSha256, byteLength, modifiedAt }: PlanInputShard): string {
  return keyOf({ path, headerSha256, byteLength, modifiedAt });
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

function placeOf({ dtype, shape, shard, start }: PlannedSource, files: readonly string[]): Fact {
  return { file: files[shard]!, dtype, shape, start };
}

function rowFacts({ count, sources, copied }: NonNullable<PlannedTensor['rows']>[number]): Fact {
  return { count, sources, copied };
}
