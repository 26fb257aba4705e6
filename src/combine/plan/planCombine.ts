import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { bitsOf, type Finding } from '../../checkpoint/index.js';
import { plural } from '../../compare/report/index.js';
import { diffVectorMetadata, type WholeRows } from '../diffVector.js';
import { formatCombination, formatScale } from '../formatCombination.js';
import type { CombinePlan, PlannedTensor, RowRun } from '../plan.js';
import { outputDtypes, type CombineRequest } from '../request.js';
import { inputsOf, type Combination } from '../combination.js';
import { architectureRefusals, configFindings } from './checkArchitecture.js';
import { checkAgreement } from './checkAgreement.js';
import { inputRefusals, matchingFindings, unplacedFindings, unplacedTensors } from './checkInputs.js';
import { diskRefusals, freeDiskAt, outputRefusals } from './checkOutput.js';
import { estimateMemory } from './estimateMemory.js';
import { layOutShards, templateGroups, type Layout } from './layOutShards.js';
import { matchInput, type MatchedInput } from './matchSources.js';
import { mismatchRefusals } from './mismatch.js';
import { modelCard } from './modelCard.js';
import { nameList } from './nameList.js';
import { openInputs } from './openInputs.js';
import { cardFile, filesByteLength, planFiles } from './outputFiles.js';
import { compileChoice, planTensors, type Choice, type TensorPlan } from './planTensors.js';
import { planVocabulary, type VocabularyDecision } from './planVocabulary.js';
import { findRoles, wholeWeight, type Roles } from './roles.js';
import { tiedFindings } from './vocabularyFindings.js';

/**
 * Decides everything about a combination before a weight is read: per tensor what happens and why, the output's files
 * and bytes, memory and disk. What prevents the run is in `refusals`, never an exception, so that it can be shown.
 * Reads headers, small JSON files, and integer tensors of at most 4 MiB.
 * @throws FormatError, FileAccessError when an input cannot be opened; ScaleError, PatternError, Error for a request
 * that contradicts itself; the signal's reason when aborted
 */
export async function planCombine(request: CombineRequest, signal?: AbortSignal): Promise<CombinePlan> {
  checkRequest(request);
  const inputs = await openInputs(request, signal);
  const roles = findRoles(request.combination, inputs);
  requireScalable(request, roles);
  const template = inputs[roles.template]!;
  const matched = inputs.map((input) => matchInput(template, input, request.prefixMap));
  const choice = compileChoice(request);
  const vocabulary = planVocabulary(request, roles, matched, participation(choice, roles, matched));
  const tensorPlan = planTensors({ request, roles, matched, choice, vocabulary });
  const layout = layOut(request, roles, matched, tensorPlan);
  const { files, findings: fileFindings } = await planFiles(request, roles, inputs, vocabulary, layout);
  const facts = { kind: roles.kind, formula: formulaOf(request), inputs: inputs.map(({ planned }) => planned), request, vocabulary: vocabulary.plan, template: template.role, tensors: layout.tensors };
  const allFiles = [...files, cardFile(modelCard(facts))];
  const writeByteLength = layout.shards.reduce((sum, { header, dataByteLength }) => sum + header.byteLength + dataByteLength, 0);
  const freeDisk = await freeDiskAt(request.output);
  const unplaced = unplacedTensors(roles, matched);
  const architecture = architectureRefusals(template, inputs);
  const refusals = [
    ...inputRefusals(inputs),
    ...(request.skipMismatched ? [] : [...architecture, ...mismatchRefusals(tensorPlan.mismatches), ...unplacedFindings(unplaced, template.role, false)]),
    ...nothingRefusal(layout, roles),
    ...(await outputRefusals(request, facts.inputs)),
    ...(await diskRefusals(request, writeByteLength + (await filesByteLength(allFiles)), freeDisk)),
  ];
  const findings = [
    ...weightFinding(request, wholeWeight(request.combination, inputs), roles),
    ...(request.skipMismatched ? [...architecture.map(asWarning), ...skippedFinding(tensorPlan), ...unplacedFindings(unplaced, template.role, true)] : []),
    ...configFindings(template, inputs),
    ...matchingFindings(roles, matched),
    ...tiedFindings(roles, matched),
    ...vocabulary.findings,
    ...omittedFinding(tensorPlan, roles),
    ...(await checkAgreement(tensorPlan.lent, roles, matched, signal)),
    ...fileFindings,
  ];
  return {
    ...facts,
    combination: request.combination,
    output: resolve(request.output),
    shards: layout.shards,
    files: allFiles,
    readByteLength: layout.tensors.reduce((sum, tensor) => sum + readLength(tensor), 0),
    writeByteLength,
    peakMemory: estimateMemory(inputs.length, request.workers ?? availableParallelism()),
    freeDisk,
    findings,
    refusals,
  };
}

function checkRequest({ combination, dtype, maxShardSize }: CombineRequest): void {
  if (combination.steps.length === 0) throw new Error('The formula is empty: it needs at least one model.');
  if (combination.steps.some(({ scale }) => !Number.isFinite(scale))) throw new Error('Every scale of the formula has to be a finite number.');
  if (dtype !== null && !outputDtypes.includes(dtype)) throw new Error(`The output cannot be stored as ${String(dtype)}. Choose one of ${outputDtypes.join(', ')}.`);
  if (maxShardSize !== null && !(maxShardSize > 0)) throw new Error('The largest size of a shard has to be more than 0 bytes.');
}

/** Scales replace the one λ of a transfer or an interpolation; a longer formula says its own. */
function requireScalable({ scales, combination: { steps } }: CombineRequest, { templateStep }: Roles): void {
  if (scales.length === 0 || (steps.length <= 2 && templateStep !== steps.length - 1)) return;
  throw new Error('Scales by pattern need a formula with one scaled part, such as target + λ·(finetuned − base). Write the scales into the formula instead.');
}

/** The formula with the global scale filled in. */
function formulaOf({ combination, scales }: CombineRequest): string {
  const overall = scales.findLast(({ pattern }) => pattern === null)?.scale;
  const patterned = scales.flatMap(({ pattern, scale }) => (pattern === null ? [] : [`${formatScale(scale)} for ${pattern}`]));
  const steps = combination.steps.map((step, index) => (index === combination.steps.length - 1 && overall !== undefined ? { ...step, scale: overall } : step));
  const formula = formatCombination({ steps } satisfies Combination);
  return patterned.length === 0 ? formula : `${formula}  [${patterned.join('; ')}]`;
}

/** Whether a tensor with a row per token is changed by the formula. */
function participation(choice: Choice, { templateStep, template }: Roles, matched: readonly MatchedInput[]): (name: string) => boolean {
  return (name) => {
    const isFloat = (outputDtypes as readonly string[]).includes(matched[template]!.tensors.get(name)?.dtype ?? '');
    const isScaled = choice.scalesOf(name).some((scale, index) => index !== templateStep && scale !== 0);
    return isFloat && isScaled && choice.exclusion(name) === null;
  };
}

function layOut(request: CombineRequest, roles: Roles, matched: readonly MatchedInput[], { drafts }: TensorPlan): Layout {
  const { checkpoint } = matched[roles.template]!.input;
  const metadata = { format: 'pt', ...(roles.kind === 'diff-vector' ? diffMetadata(request, matched, drafts) : {}) };
  return layOutShards(drafts, templateGroups(checkpoint.tensors, checkpoint.shards), request.maxShardSize, metadata);
}

function diffMetadata(request: CombineRequest, matched: readonly MatchedInput[], drafts: TensorPlan['drafts']): Record<string, string> {
  const names = inputsOf(request.combination);
  const nameOf = (role: string | null): string => (role === null ? '' : matched[names.indexOf(role)]!.input.checkpoint.name);
  const [first] = request.combination.steps;
  const wholeRows = Object.fromEntries(drafts.flatMap(({ name, rows }) => wholeRowsOf(name, rows ?? [])));
  return diffVectorMetadata({ formula: formulaOf(request), finetuned: nameOf(first!.plus), base: nameOf(first!.minus), wholeRows });
}

/** Runs of rows that one version contributes without the other. */
function wholeRowsOf(name: string, rows: readonly RowRun[]): (readonly [string, WholeRows[string]])[] {
  let start = 0;
  const whole = rows.flatMap(({ count, sources, copied }): (readonly [number, number])[] => {
    const first = start;
    start += count;
    const isPartial = sources.includes(null) && sources.some((source) => source !== null);
    return copied || isPartial ? [[first, count]] : [];
  });
  return whole.length === 0 ? [] : [[name, whole]];
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

function nothingRefusal({ tensors }: Layout, { kind }: Roles): Finding[] {
  if (tensors.some(({ action }) => action === 'combined' || action === 'grown') || (kind === 'model' && tensors.some(({ reason }) => reason === 'scale 0'))) return [];
  const message = 'No tensor would be combined: nothing matches, or the patterns leave everything out. Check the models and the patterns.';
  return [{ severity: 'error', code: 'nothing-combined', message }];
}

function weightFinding({ combination }: CombineRequest, weight: number, { kind }: Roles): Finding[] {
  if (kind === 'diff-vector' || Math.abs(weight - 1) < 1e-9) return [];
  const message = `The model versions in ${formatCombination(combination)} have scales that add up to ${weight.toPrecision(6).replace(/\.?0+$/, '')}, not to 1: the output is a rescaled model.`;
  return [{ severity: 'warning', code: 'scales-do-not-add-up', message }];
}

function skippedFinding({ mismatches }: TensorPlan): Finding[] {
  const [first] = mismatches;
  if (first === undefined) return [];
  const message = `${plural(mismatches.length, 'mismatched tensor')} skipped, the target's copied: ${nameList(mismatches.map(({ tensor }) => tensor))} (${first.reason}).`;
  return [{ severity: 'warning', code: 'tensors-skipped', message, tensor: first.tensor }];
}

function omittedFinding({ omitted }: TensorPlan, { kind }: Roles): Finding[] {
  const [first] = omitted;
  if (kind === 'model' || first === undefined) return [];
  const message = `${plural(omitted.length, 'tensor')} not in the diff vector, because they have no difference to store: ${nameList(omitted)}.`;
  return [{ severity: 'info', code: 'not-in-diff-vector', message, tensor: first }];
}

function asWarning(finding: Finding): Finding {
  return { ...finding, severity: 'warning' };
}

export type { VocabularyDecision };
