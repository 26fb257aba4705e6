import type { ModelPlan } from '../../combine/index.js';
import { readArchitecture, type Architecture } from '../../model/architecture/index.js';
import { modelGraph, type ModelGraph } from '../graph/index.js';
import type { BosChoice, Tokenizer, TokenizerThread } from '../../model/tokenizer/index.js';
import { CandidateError, plannedFileName, requirePlannedFile } from './plannedFiles.js';
import { TokenizerReader } from './tokenizerReader.js';
import { parseJsonObject } from '../../base/json/readJson.js';
import { readSettings } from '../../model/settings/index.js';
import type { CompanionReader } from '../../checkpoint/index.js';

/** Candidates that the same graph and the same token sequences serve: one pass reads the weights for all of them. */
export interface CandidateGroup {
  readonly members: readonly Member[];
  readonly architecture: Architecture;
  readonly graph: ModelGraph;
  readonly tokenizer: Tokenizer;
}

export interface Member {
  /** Index among the evaluation's candidates. */
  readonly candidate: number;
  readonly plan: ModelPlan;
}

type Basis = Pick<CandidateGroup, 'architecture' | 'tokenizer'>;

/**
 * Groups candidates by what their scores are computed with: architecture, tokenizer, names and shapes of tensors.
 * @throws CandidateError where a candidate would have no configuration or no tokenizer, or is a diff vector;
 * ArchitectureError, FormatError for files that cannot be used
 */
export async function groupCandidates(
  plans: readonly ModelPlan[],
  companions: CompanionReader,
  thread: TokenizerThread,
  bos: BosChoice,
): Promise<CandidateGroup[]> {
  const tokenizers = new TokenizerReader(companions, thread, bos);
  const groups = new Map<string, Basis & { members: Member[] }>();
  for (const [candidate, plan] of plans.entries()) {
    const basis = await basisOf(plan, companions, tokenizers);
    const key = keyOf(basis, plan);
    const group = groups.get(key) ?? { ...basis, members: [] };
    group.members.push({ candidate, plan });
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ ...group, graph: modelGraph(group.architecture, group.members[0]!.plan.tensors) }));
}

async function basisOf(plan: ModelPlan, companions: CompanionReader, tokenizers: TokenizerReader): Promise<Basis> {
  if (plan.kind === 'diff-vector')
    throw new CandidateError(`${plan.formula} is a difference of models, not a model: add it to a base model to score it.`);
  const text = await requirePlannedFile(plan, 'config.json', companions, 'It says how the weights are used: copy it from the base model.');
  const file = plannedFileName(plan, 'config.json');
  return {
    architecture: readArchitecture(readSettings(parseJsonObject(file, Buffer.from(text))), file),
    tokenizer: await tokenizers.read(plan),
  };
}

/** Files do not count, their meaning does: a fine-tune's config differs in fields that no score depends on. */
function keyOf({ architecture, tokenizer }: Basis, { tensors }: ModelPlan): string {
  const shapes = tensors.map(({ name, shape }) => `${name} ${shape.join(' ')}`).sort();
  return JSON.stringify([{ ...architecture, file: '' }, tokenizer.hash, tokenizer.bosToken, shapes]);
}
