import { resolve } from 'node:path';
import { bitsOf } from '../../checkpoint/index.js';
import { workerCount } from '../../compute/index.js';
import type { CombinePlan, PlannedFile, PlannedTensor } from '../plan.js';
import { outputDtypes, type CombineRequest } from '../request.js';
import { diskRefusals, freeDiskAt, outputRefusals } from './checkOutput.js';
import { checkRequest, describeFormula, requireScalable } from './checkRequest.js';
import { planDiffMetadata } from './diffMetadata.js';
import { estimateMemory } from './estimateMemory.js';
import { modelRefusals, planFindings, type PlanParts } from './judgePlan.js';
import { layOutShards, templateGroups, type Layout } from './layOutShards.js';
import { matchInput, type MatchedInput } from './matchSources.js';
import { modelCard } from './modelCard.js';
import { openInputs, type OpenInput } from './openInputs.js';
import { cardFile, filesByteLength, planFiles } from './outputFiles.js';
import { compileChoice, planTensors, type Choice, type TensorPlan } from './planTensors.js';
import { planVocabulary } from './planVocabulary.js';
import { findRoles, type Roles } from './roles.js';

/**
 * Decides everything about a combination before a weight is read: per tensor what happens and why, the output's files
 * and bytes, memory and disk. What prevents the run is in `refusals`, never an exception, so that it can be shown.
 * Reads headers, small JSON files, and integer tensors of at most 4 MiB.
 * @throws FormatError, FileAccessError when an input cannot be opened; PatternError, Error for a request that
 * contradicts itself; the signal's reason when aborted
 */
export async function planCombine(request: CombineRequest, signal?: AbortSignal): Promise<CombinePlan> {
  checkRequest(request);
  const inputs = await openInputs(request, signal);
  const parts = planParts(request, inputs);
  const { files: ownFiles, findings: fileFindings } = await planFiles(request, parts.roles, inputs, parts.vocabulary, parts.layout);
  const facts = factsOf(parts);
  const files = [...ownFiles, cardFile(modelCard(facts))];
  const findings = [...(await planFindings(parts, signal)), ...fileFindings];
  const place = await judgePlace(facts, files);
  return { ...facts, ...place, files, findings, refusals: [...modelRefusals(parts), ...place.refusals] };
}

function planParts(request: CombineRequest, inputs: readonly OpenInput[]): PlanParts {
  const roles = findRoles(request.combination, inputs);
  requireScalable(request, roles);
  const matched = inputs.map((input) => matchInput(inputs[roles.template]!, input, request.prefixMap));
  const choice = compileChoice(request);
  const vocabulary = planVocabulary(request, roles, matched, participation(choice, roles, matched));
  const tensors = planTensors({ request, roles, matched, choice, vocabulary });
  return { request, roles, inputs, matched, vocabulary, tensors, layout: layOut(request, roles, inputs, tensors) };
}

/** Whether a tensor with a row per token is changed by the formula. */
function participation(choice: Choice, { templateStep, template }: Roles, matched: readonly MatchedInput[]): (name: string) => boolean {
  return (name) => {
    const isFloat = (outputDtypes as readonly string[]).includes(matched[template]!.tensors.get(name)?.dtype ?? '');
    const isScaled = choice.scalesOf(name).some((scale, index) => index !== templateStep && scale !== 0);
    return isFloat && isScaled && choice.exclusion(name) === null;
  };
}

function layOut(request: CombineRequest, roles: Roles, inputs: readonly OpenInput[], { drafts }: TensorPlan): Layout {
  const { tensors, shards } = inputs[roles.template]!.checkpoint;
  const metadata = { format: 'pt', ...(roles.kind === 'diff-vector' ? planDiffMetadata(request, inputs, drafts) : {}) };
  return layOutShards(drafts, templateGroups(tensors, shards), request.maxShardSize, metadata);
}

/** What follows from the models alone, in the plan's terms. */
type Facts = Omit<CombinePlan, 'files' | 'freeDisk' | 'findings' | 'refusals'>;

function factsOf({ request, roles, inputs, vocabulary, layout: { tensors, shards } }: PlanParts): Facts {
  return {
    request,
    kind: roles.kind,
    formula: describeFormula(request),
    combination: request.combination,
    template: inputs[roles.template]!.role,
    inputs: inputs.map(({ planned }) => planned),
    output: resolve(request.output),
    tensors,
    shards,
    vocabulary: vocabulary.plan,
    readByteLength: tensors.reduce((sum, tensor) => sum + readLength(tensor), 0),
    writeByteLength: shards.reduce((sum, { header, dataByteLength }) => sum + header.byteLength + dataByteLength, 0),
    peakMemory: estimateMemory(inputs, workerCount(request.workers)),
  };
}

/** Bytes that are read for a tensor: whole tensors, or the rows that take part. */
function readLength({ sources, rows }: PlannedTensor): number {
  return sources.reduce((sum, source, input) => {
    if (source === null) return sum;
    if (rows === null) return sum + source.byteLength;
    const count = rows.reduce((total, run) => total + (run.sources[input] === null ? 0 : run.count), 0);
    const rowLength = source.shape.slice(1).reduce((product, size) => product * size, bitsOf(source.dtype)) / 8;
    return sum + count * rowLength;
  }, 0);
}

async function judgePlace(
  { request, inputs, writeByteLength }: Facts,
  files: readonly PlannedFile[],
): Promise<Pick<CombinePlan, 'freeDisk' | 'refusals'>> {
  const freeDisk = await freeDiskAt(request.output);
  const needed = writeByteLength + (await filesByteLength(files));
  return { freeDisk, refusals: [...(await outputRefusals(request, inputs)), ...(await diskRefusals(request, needed, freeDisk))] };
}
