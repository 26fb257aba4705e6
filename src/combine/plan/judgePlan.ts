import { formatName, type Finding } from '../../checkpoint/index.js';
import { behaviourCodes } from '../../model/behaviour/index.js';
import { formatCombination } from '../formatCombination.js';
import type { Refusal } from '../plan.js';
import type { CombineRequest } from '../request.js';
import { compileSelection } from '../selection.js';
import { checkAgreement } from './checkAgreement.js';
import { decodingFindings } from './decoding.js';
import { architectureRefusals, meaningRefusals } from './checkArchitecture.js';
import { zeroDifferenceFindings } from './checkDifferences.js';
import { inputRefusals, matchingFindings, nameRefusals, unplacedFindings, unplacedTensors } from './checkInputs.js';
import { patternRefusals } from './checkPatterns.js';
import type { Layout } from './layOutShards.js';
import type { MatchedInput } from './matchSources.js';
import { storageRefusals } from './checkStorage.js';
import { adapterFindings } from './adapterFindings.js';
import { diagnoseFit } from './diagnosis/diagnoseFit.js';
import { groupBy } from '../../base/groupBy.js';
import { andList, nameList } from '../../base/nameList.js';
import type { OpenInput } from './openInputs.js';
import type { TensorFacts } from './planTensors.js';
import type { VocabularyDecision } from './planVocabulary.js';
import { wholeWeight, type Roles } from './roles.js';
import { tiedFindings } from './vocabularyFindings.js';
import { plural } from '../../base/format.js';

/** Everything that is decided when a plan is judged. */
export interface PlanParts {
  readonly request: CombineRequest;
  readonly roles: Roles;
  readonly inputs: readonly OpenInput[];
  readonly matched: readonly MatchedInput[];
  readonly vocabulary: VocabularyDecision;
  readonly tensors: TensorFacts;
  readonly layout: Layout;
}

/** Why the models cannot be combined as asked for. */
export function modelRefusals(parts: PlanParts): Refusal[] {
  const { request, roles, inputs, layout } = parts;
  const template = inputs[roles.template]!;
  const storage = storageRefusals(inputs, request.combination, compileSelection(request), template, parts.tensors);
  const architecture = storage.length > 0 ? [] : architectureRefusals(template, inputs);
  const mismatches = storage.length > 0 || request.skipMismatched ? [] : fitRefusals(parts);
  const combined = layout.tensors.filter(({ action }) => action === 'combined' || action === 'grown').map(({ name }) => name);
  return [
    ...inputRefusals(inputs),
    ...storage,
    ...patternRefusals(request, patternNames(parts)),
    ...nameRefusals(request, roles, parts.matched),
    ...architecture,
    ...mismatches,
    ...meaningRefusals(template, inputs, combined),
    ...parts.vocabulary.refusals,
    ...(storage.length + architecture.length + mismatches.length === 0 ? nothingRefusal(layout, roles) : []),
  ];
}

/** How each input fits the template. */
function fitRefusals({ request, roles, matched, tensors: { mismatches } }: PlanParts): Refusal[] {
  const template = matched[roles.template]!.input;
  const unplaced = unplacedTensors(request, roles, matched);
  return matched.flatMap(({ input, tensors, unmatched }) => {
    if (input === template) return [];
    const own = mismatches.filter(({ role }) => role === input.role);
    const odd = new Set(own.map(({ tensor }) => tensor));
    return diagnoseFit({
      template,
      input,
      mismatches: own,
      unplaced: unplaced.find(({ role }) => role === input.role)?.names ?? [],
      unmatched: unmatched.map(({ name }) => name),
      fitting: [...tensors.keys()].filter((name) => !odd.has(name)),
    });
  });
}

/** Names that a pattern may be meant for: the template's, and those of weights that it has no place for. */
function patternNames({ roles, inputs, matched }: PlanParts): string[] {
  const own = inputs[roles.template]!.tensors.map(({ name }) => name);
  return [...own, ...roles.contributors.flatMap(({ plus }) => matched[plus]!.unmatched.map(({ name }) => name))];
}

/** What a user should know before running the plan. */
export async function planFindings(parts: PlanParts, signal?: AbortSignal): Promise<Finding[]> {
  const { request, roles, inputs, matched, vocabulary, tensors } = parts;
  return [
    ...formatFinding(inputs[roles.template]!),
    ...weightFinding(request, wholeWeight(request.combination, inputs), roles),
    ...zeroDifferenceFindings(request.combination, roles, inputs),
    ...(request.skipMismatched ? skippedFindings(parts) : []),
    ...matchingFindings(request, roles, matched),
    ...tiedFindings(roles, matched),
    ...adapterFindings(roles, matched),
    ...vocabulary.findings,
    ...omittedFinding(tensors, roles),
    ...decodingFindings(roles, inputs, tensors.decodes, parts.layout.tensors),
    ...behaviourOf(inputs),
    ...(await checkAgreement(tensors.notCombined, roles, matched, signal)),
  ];
}

/** Whatever the target is stored as, what is written is safetensors. */
function formatFinding({ role, checkpoint: { path, shards } }: OpenInput): Finding[] {
  const other = shards.find(({ format }) => format !== 'safetensors');
  if (other === undefined) return [];
  const message = `The weights of ${role} are stored as ${formatName(other.format)}; the output is written as safetensors.`;
  return [{ severity: 'info', code: 'output-format', message, file: path }];
}

/** What the files of inputs say differently of how they are prompted and where their texts end; once for all that say the same. */
function behaviourOf(inputs: readonly OpenInput[]): Finding[] {
  const found = inputs.flatMap(({ role, checkpoint }) =>
    checkpoint.findings.filter(({ code }) => behaviourCodes.has(code)).map((finding) => ({ role, finding })),
  );
  return [...groupBy(found, ({ finding }) => finding.message).values()].map((same) => {
    const [{ finding }] = same as [(typeof found)[number], ...typeof found];
    return { ...finding, message: `Of ${andList(same.map(({ role }) => role))}: ${finding.message}` };
  });
}

function nothingRefusal({ tensors }: Layout, { kind }: Roles): Finding[] {
  const isChanged = tensors.some(({ action }) => action === 'combined' || action === 'grown');
  const isUnchangedByChoice = kind === 'model' && tensors.some(({ reason }) => reason === 'scale 0' || reason === '');
  if (isChanged || isUnchangedByChoice) return [];
  const message = 'No tensor would be combined: nothing matches, or the patterns leave everything out. Check the models and the patterns.';
  return [{ severity: 'error', code: 'nothing-combined', message }];
}

function weightFinding({ combination }: CombineRequest, weight: number, { kind }: Roles): Finding[] {
  if (kind === 'diff-vector' || Math.abs(weight - 1) < 1e-9) return [];
  const message = `The model versions in ${formatCombination(combination)} have scales that add up to ${Number(weight.toPrecision(6))}, not to 1: the output is a rescaled model.`;
  return [{ severity: 'warning', code: 'scales-do-not-add-up', message }];
}

function skippedFindings({ request, inputs, roles, matched, tensors: { mismatches } }: PlanParts): Finding[] {
  const template = inputs[roles.template]!;
  const unplaced = unplacedFindings(unplacedTensors(request, roles, matched), template.role);
  const [first] = mismatches;
  if (first === undefined) return unplaced;
  const message = `${plural(mismatches.length, 'mismatched tensor')} skipped, those of ${template.role} kept: ${nameList(mismatches.map(({ tensor }) => tensor))} (${first.reason}).`;
  return [{ severity: 'warning', code: 'tensors-skipped', message, tensor: first.tensor }, ...unplaced];
}

function omittedFinding({ omitted }: TensorFacts, { kind }: Roles): Finding[] {
  const [first] = omitted;
  if (kind === 'model' || first === undefined) return [];
  const message = `${plural(omitted.length, 'tensor')} not in the diff vector, because they have no difference to store: ${nameList(omitted)}.`;
  return [{ severity: 'info', code: 'not-in-diff-vector', message, tensor: first }];
}
