import { workerCount } from '../../compute/index.js';
import type { CombinePlan, PlannedTensor } from '../plan.js';
import { outputDtypes, type CombineRequest } from '../request.js';
import { describeFormula, requireScalable } from './checkRequest.js';
import { decodedWeights } from './decoding.js';
import { planDiffMetadata } from './diffMetadata.js';
import { estimateMemory } from './estimateMemory.js';
import { modelRefusals, planFindings, type PlanParts } from './judgePlan.js';
import { layOutShards, templateGroups, type Layout } from './layOutShards.js';
import { matchInput, type MatchedInput } from './matchSources.js';
import type { OpenInput } from './openInputs.js';
import { planFiles } from './outputFiles.js';
import { compileChoice, planTensors, type Choice, type CodesChoice, type TensorDraft } from './planTensors.js';
import { planVocabulary } from './planVocabulary.js';
import { findRoles, type Roles } from './roles.js';

/** A plan as far as it follows from the models: without a place to write to. `output` is what the request says. */
export type ModelPlan = Omit<CombinePlan, 'freeDisk'>;

/**
 * Decides what a combination of opened inputs is made of. No weights are read but small integer tensors, and samples where names and
 * shapes do not say in which order values lie.
 */
export async function planModel(
  request: CombineRequest,
  inputs: readonly OpenInput[],
  codes: CodesChoice,
  signal?: AbortSignal,
): Promise<ModelPlan> {
  const parts = await planParts(request, inputs, codes, signal);
  const { files, findings: fileFindings } = await planFiles(parts);
  const findings = [...(await planFindings(parts, signal)), ...fileFindings];
  return { ...factsOf(parts), files, findings, refusals: modelRefusals(parts) };
}

async function planParts(
  request: CombineRequest,
  inputs: readonly OpenInput[],
  codes: CodesChoice,
  signal?: AbortSignal,
): Promise<PlanParts> {
  const roles = findRoles(request.combination, inputs);
  requireScalable(request, roles);
  const rules = { prefixMap: request.prefixMap, map: request.nameMap ?? [] };
  const matched = inputs.map((input) => matchInput(inputs[roles.template]!, input, rules));
  const choice = compileChoice(request);
  const vocabulary = await planVocabulary(request, roles, matched, participation(choice, roles, matched), signal);
  const { drafts, ...tensors } = planTensors({ request, roles, matched, choice, vocabulary, codes });
  return { request, roles, inputs, matched, vocabulary, tensors, layout: layOut(request, roles, inputs, drafts) };
}

/** Whether a tensor with a row per token is changed by the formula. */
function participation(choice: Choice, { templateStep, template }: Roles, matched: readonly MatchedInput[]): (name: string) => boolean {
  return (name) => {
    const isFloat = (outputDtypes as readonly string[]).includes(matched[template]!.tensors.get(name)?.dtype ?? '');
    const isScaled = choice.scalesOf(name).some((scale, index) => index !== templateStep && scale !== 0);
    return isFloat && isScaled && choice.exclusion(name) === null;
  };
}

function layOut(request: CombineRequest, roles: Roles, inputs: readonly OpenInput[], drafts: readonly TensorDraft[]): Layout {
  const { tensors, checkpoint } = inputs[roles.template]!;
  const metadata = { format: 'pt', ...(roles.kind === 'diff-vector' ? planDiffMetadata(request, inputs, drafts) : {}) };
  return layOutShards(drafts, templateGroups([...checkpoint.tensors, ...tensors], checkpoint.shards), request.maxShardSize, metadata);
}

function factsOf({
  request,
  roles,
  inputs,
  vocabulary,
  layout: { tensors, shards },
  tensors: { decodes },
}: PlanParts): Omit<ModelPlan, 'files' | 'findings' | 'refusals'> {
  return {
    request,
    kind: roles.kind,
    formula: describeFormula(request),
    combination: request.combination,
    template: inputs[roles.template]!.role,
    inputs: inputs.map(({ planned }) => planned),
    output: request.output,
    tensors,
    shards,
    vocabulary: vocabulary.plan,
    decoded: roles.kind === 'model' ? decodedWeights(inputs[roles.template]!, decodes) : null,
    readByteLength: tensors.reduce((sum, tensor) => sum + readLength(tensor), 0),
    writeByteLength: shards.reduce((sum, { header, dataByteLength }) => sum + header.byteLength + dataByteLength, 0),
    peakMemory: estimateMemory(inputs, tensors, workerCount(request.workers)),
  };
}

/** Bytes that are read for a tensor: whole tensors, or the rows that take part. */
function readLength({ sources, rows }: PlannedTensor): number {
  return sources.reduce((sum, source, input) => {
    if (source === null) return sum;
    if (rows === null) return sum + source.byteLength;
    const count = rows.reduce((total, run) => total + (run.sources[input] === null ? 0 : run.count), 0);
    return sum + Math.ceil((count * source.byteLength) / Math.max(1, source.shape[0]!));
  }, 0);
}
