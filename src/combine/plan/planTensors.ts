import type { Dtype, Tensor } from '../../checkpoint/index.js';
import { kindOf } from '../../checkpoint/index.js';
import { inputsOf, type CombinationStep } from '../combination.js';
import type { PlannedSource, PlannedTensor } from '../plan.js';
import { isCombinable, type CombineRequest } from '../request.js';
import { compileScales } from '../scaleRule.js';
import { compileSelection } from '../selection.js';
import { storedSource, storedTensor, toSource, type InputTensor } from './inputTensors.js';
import type { MatchedInput } from './matchSources.js';
import type { Mismatch } from './mismatch.js';
import type { VocabularyDecision } from './planVocabulary.js';
import type { Roles } from './roles.js';
import { codesOf, type CodedStorage } from '../../model/quantisation/index.js';
import type { RowRun } from '../../model/vocabulary/index.js';

/** A tensor of the output before it has a place in a file. */
export type TensorDraft = Omit<PlannedTensor, 'shard' | 'offset' | 'byteLength'>;

/** What is to be said of the tensors beside their plans. */
export interface TensorFacts {
  /** Tensors that a diff vector does not get: not floating point, or excluded. */
  readonly omitted: readonly string[];
  /** The template's tensors that are kept because they are not learned values: to be checked for agreement. */
  readonly notCombined: readonly Tensor[];
  /** Tensors without known values that stay as they are: excluded, or changed by no step. */
  readonly kept: ReadonlySet<string>;
  readonly mismatches: readonly Mismatch[];
  /** Whether the template's codes are replaced by the values they stand for. */
  readonly decodes: boolean;
}

export interface TensorPlan extends TensorFacts {
  readonly drafts: readonly TensorDraft[];
}

/** Which tensors are chosen by the patterns, and with which scales. */
export interface Choice {
  /** Null when the tensor takes part, else why not. */
  readonly exclusion: (name: string) => string | null;
  readonly scalesOf: (name: string) => readonly number[];
}

/** Compiles the request's patterns once. @throws PatternError */
export function compileChoice(request: CombineRequest): Choice {
  const { combination, scales } = request;
  const { steps } = combination;
  const scaleOf = compileScales(scales, steps.at(-1)!.scale);
  const scalesWith = onceFor((last: number) => steps.map(({ scale }, index) => (index === steps.length - 1 ? last : scale)));
  return { exclusion: compileSelection(request), scalesOf: (name) => scalesWith(scaleOf(name)) };
}

/** Keeps what `compute` returns for each key: what many tensors have in common is one object, not one for each. */
function onceFor<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

/** What becomes of codes that nothing changes: a checkpoint keeps them, what is scored needs their values. */
export type CodesChoice = 'kept' | 'decoded';

/** What the tensors' plans depend on. */
interface Decisions {
  readonly request: CombineRequest;
  readonly roles: Roles;
  readonly matched: readonly MatchedInput[];
  readonly choice: Choice;
  readonly vocabulary: VocabularyDecision;
  readonly codes: CodesChoice;
}

interface Context extends Decisions {
  /** Inputs of the steps that count where these scales do. */
  readonly inputsInUse: (scales: readonly number[]) => readonly boolean[];
  /** One array for equal scales. */
  readonly shareScales: (scales: readonly number[]) => readonly number[];
  /** Scales of a tensor that stays the template's. */
  readonly scalesOfCopy: readonly number[];
}

function contextOf(decisions: Decisions): Context {
  const { request, roles, matched } = decisions;
  const { steps } = request.combination;
  const names = inputsOf(request.combination);
  const inputsInUse = onceFor((scales: readonly number[]) => {
    const used = new Set(steps.flatMap(({ plus, minus }, index) => (scales[index] === 0 ? [] : [plus, minus])));
    return matched.map((_, index) => used.has(names[index]!));
  });
  const scalesBy = onceFor((text: string) => JSON.parse(text) as readonly number[]);
  const shareScales = (scales: readonly number[]) => scalesBy(JSON.stringify(scales));
  const scalesOfCopy = steps.map((_, index) => (index === roles.templateStep ? 1 : 0));
  return { ...decisions, inputsInUse, shareScales, scalesOfCopy };
}

/** Decides for every tensor of the template what becomes of it. */
export function planTensors(decisions: Decisions): TensorPlan {
  const context = contextOf(decisions);
  const { tensors } = context.matched[context.roles.template]!.input;
  const fates = tensors.map((tensor) => fateOf(context, tensor));
  const decodes = decodesCodes(context, tensors, fates);
  const drafts: TensorDraft[] = [];
  const omitted: string[] = [];
  for (const [index, tensor] of tensors.entries()) {
    const made = draftsOf(context, tensor, fates[index]!, decodes);
    if (made.length === 0) omitted.push(tensor.name);
    for (const draft of made) drafts.push(draft);
  }
  const notCombined = tensors.flatMap((tensor, index) => (fates[index]!.kind === 'not combined' ? (storedTensor(tensor) ?? []) : []));
  const mismatches = fates.flatMap((fate) => (fate.kind === 'mismatch' ? fate.mismatch : []));
  const kept = new Set(tensors.filter(({ obstacle }, index) => obstacle !== null && fates[index]!.kind === 'kept').map(({ name }) => name));
  return { drafts, omitted, notCombined, kept, mismatches, decodes };
}

/** What becomes of a tensor of the template. */
type Fate =
  /** Taken from the template whatever the formula says: it holds no weights to be combined. */
  | { readonly kind: 'not combined' | 'kept'; readonly reason: string }
  | { readonly kind: 'mismatch'; readonly mismatch: Mismatch }
  | { readonly kind: 'combined'; readonly scales: readonly number[] };

function fateOf(context: Context, tensor: InputTensor): Fate {
  const { request, roles, choice } = context;
  if (tensor.isBuffer) return { kind: 'not combined', reason: whyBuffer(tensor) };
  const exclusion = choice.exclusion(tensor.name);
  if (exclusion !== null) return { kind: 'kept', reason: exclusion };
  const scales = effectiveScales(context, tensor.name);
  if (isUnchanged(roles, request.combination.steps, scales)) return { kind: 'kept', reason: unchangedReason(context, tensor.name) };
  if (tensor.codes === null && tensor.obstacle !== null) return { kind: 'not combined', reason: `${tensor.dtype} values are not combined` };
  const mismatch = findMismatch(context, tensor, scales);
  return mismatch === null ? { kind: 'combined', scales } : { kind: 'mismatch', mismatch };
}

function whyBuffer({ dtype }: InputTensor): string {
  return kindOf(dtype) === 'float' ? 'computed by the model code, not learned' : `${dtype} is not a floating-point type`;
}

/**
 * Whether the output has values in place of the template's codes. All of them or none: a loader that is told of a scheme expects its
 * codes in every layer. They stay while nothing changes them: neither the formula, nor an adapter that the template is taken with.
 */
function decodesCodes({ codes }: Context, tensors: readonly InputTensor[], fates: readonly Fate[]): boolean {
  if (!tensors.some((tensor) => tensor.codes !== null)) return false;
  const isChanged = ({ codes: own, recipe }: InputTensor, { kind }: Fate): boolean =>
    own === null ? recipe?.kind === 'sum' : kind === 'combined';
  return codes === 'decoded' || tensors.some((tensor, index) => isChanged(tensor, fates[index]!));
}

/** Empty where a diff vector goes without. */
function draftsOf(context: Context, tensor: InputTensor, fate: Fate, decodes: boolean): TensorDraft[] {
  if (fate.kind === 'combined') return [combine(context, tensor, fate.scales)];
  const [action, reason] = fate.kind === 'mismatch' ? (['skipped', fate.mismatch.reason] as const) : (['copied', fate.reason] as const);
  if (tensor.codes !== null && (!decodes || tensor.recipe === null)) return copyCodes(context, tensor.codes, action, reason);
  const draft = copy(context, tensor, action, reason);
  return draft === null ? [] : [draft];
}

/** The codes of a weight and what belongs to them, as they are. */
function copyCodes(
  { roles, matched, scalesOfCopy: scales }: Context,
  codes: CodedStorage,
  action: 'copied' | 'skipped',
  why: string,
): TensorDraft[] {
  if (roles.kind === 'diff-vector') return [];
  const reason = [`part of ${codesOf(codes)}`, ...(why === '' ? [] : [why])].join('; ');
  return Object.values(codes.parts).map((part): TensorDraft => {
    const { name, dtype, shape } = part;
    const sources = matched.map((_, index) => (index === roles.template ? storedSource(part, name) : null));
    return { name, dtype, shape, action, reason, scales, sources, rows: null };
  });
}

/** A diff vector that lacks a tensor says that it does not change: its steps are left out. */
function effectiveScales({ request, matched, choice, shareScales }: Context, name: string): readonly number[] {
  if (matched.every(({ input }) => input.diffVector === null)) return choice.scalesOf(name);
  const names = inputsOf(request.combination);
  const lacks = (role: string): boolean => {
    const { input, tensors } = matched[names.indexOf(role)]!;
    return input.diffVector !== null && !tensors.has(name);
  };
  return shareScales(choice.scalesOf(name).map((scale, index) => (lacks(request.combination.steps[index]!.plus) ? 0 : scale)));
}

/** Whether the formula is the template alone: with scale 1, and every other step left out. */
function isUnchanged({ templateStep }: Roles, steps: readonly CombinationStep[], scales: readonly number[]): boolean {
  return templateStep !== null && steps.every((_, index) => (index === templateStep ? scales[index] === 1 : scales[index] === 0));
}

function unchangedReason({ request, choice, roles }: Context, name: string): string {
  if (request.combination.steps.length === 1) return '';
  const isScaled = choice.scalesOf(name).some((scale, index) => index !== roles.templateStep && scale !== 0);
  return isScaled ? 'not in the diff vector' : 'scale 0';
}

function findMismatch(context: Context, tensor: InputTensor, scales: readonly number[]): Mismatch | null {
  const used = context.inputsInUse(scales);
  const rowsMayDiffer = context.vocabulary.tensors.has(tensor.name);
  for (const [index, { input, tensors }] of context.matched.entries()) {
    const other = used[index] ? tensors.get(tensor.name) : tensor;
    if (other === undefined) return { tensor: tensor.name, kind: 'missing', role: input.role, reason: `${input.role} lacks it` };
    if (other.obstacle !== null)
      return { tensor: tensor.name, kind: 'dtype', role: input.role, reason: `${other.obstacle}, in ${input.role}` };
    if (!fits(tensor.shape, other.shape, rowsMayDiffer)) {
      const template = context.matched[context.roles.template]!.input.role;
      return {
        tensor: tensor.name,
        kind: 'shape',
        role: input.role,
        reason: `[${other.shape.join(', ')}] in ${input.role}, [${tensor.shape.join(', ')}] in ${template}`,
      };
    }
  }
  return null;
}

function fits(a: readonly number[], b: readonly number[], rowsMayDiffer: boolean): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis] || (axis === 0 && rowsMayDiffer));
}

function combine(context: Context, tensor: InputTensor, scales: readonly number[]): TensorDraft {
  const { name } = tensor;
  const used = context.inputsInUse(scales);
  const rows = context.vocabulary.rowsOf(name);
  const shape = shapeWith(tensor.shape, rows);
  const sources = sourcesOf(context, name, used);
  const action = shape[0] === tensor.shape[0] ? 'combined' : 'grown';
  return { name, dtype: outputDtype(context, tensor), shape, action, reason: combinedReason(context, name, rows), scales, sources, rows };
}

function combinedReason({ vocabulary, matched }: Context, name: string, rows: readonly RowRun[] | null): string {
  const tied = matched
    .filter(({ tiedHeads }) => tiedHeads.has(name))
    .map(({ input, tensors }) => `${input.role} ties it to ${tensors.get(name)!.name}`);
  const lies = matched.flatMap(({ input, rearranged }) => {
    const why = rearranged.get(name);
    return why === undefined ? [] : [`${input.role}: ${why}`];
  });
  const matching = rows === null ? [] : [vocabulary.plan?.rule === 'tokens' ? 'rows by token' : 'rows by index'];
  return [...matching, ...tied, ...lies].join('; ');
}

/** The template's values. A tensor with a row per token still gets the rows of added tokens; a diff vector goes without. */
function copy(context: Context, tensor: InputTensor, action: 'copied' | 'skipped', reason: string): TensorDraft | null {
  if (context.roles.kind === 'diff-vector') return null;
  const rows = addedRowsOnly(context, tensor);
  const shape = shapeWith(tensor.shape, rows);
  const grows = shape[0] !== tensor.shape[0];
  const needed = context.matched.map(
    (_, index) => index === context.roles.template || (grows && rows!.some(({ sources }) => sources[index] !== null)),
  );
  const sources = sourcesOf(context, tensor.name, needed);
  const scales = context.scalesOfCopy;
  const dtype = outputDtype(context, tensor);
  const { name } = tensor;
  if (!grows) return { name, dtype, shape: tensor.shape, action, reason, scales, sources, rows: null };
  return { name, dtype, shape, action: 'grown', reason: `${reason}; only the rows of added tokens are new`, scales, sources, rows };
}

/** The runs of a tensor whose own rows stay as they are. Null for all others, and where no rows are added. */
function addedRowsOnly({ vocabulary, roles, matched }: Context, tensor: InputTensor): readonly RowRun[] | null {
  const runs = vocabulary.rowsOf(tensor.name);
  const canTake = matched.every(({ tensors }) => {
    const other = tensors.get(tensor.name) ?? tensor;
    return other.recipe !== null && fits(tensor.shape, other.shape, true);
  });
  if (runs === null || !canTake) return null;
  const kept = tensor.shape[0]!;
  const own: RowRun = { count: kept, sources: matched.map((_, index) => (index === roles.template ? 0 : null)), copied: true };
  return [own, ...after(runs, kept).map((run) => takeOne(run, roles))];
}

/** The part of the runs behind the first `skipped` rows. */
function after(runs: readonly RowRun[], skipped: number): RowRun[] {
  let start = 0;
  return runs.flatMap((run) => {
    const cut = Math.max(0, Math.min(run.count, skipped - start));
    start += run.count;
    return cut === run.count
      ? []
      : [{ ...run, count: run.count - cut, sources: run.sources.map((first) => (first === null ? null : first + cut)) }];
  });
}

function takeOne(run: RowRun, { contributors }: Roles): RowRun {
  if (run.copied) return run;
  const from = contributors.find(({ plus }) => run.sources[plus] !== null)?.plus;
  return { count: run.count, sources: run.sources.map((first, index) => (index === from ? first : null)), copied: from !== undefined };
}

function shapeWith(shape: readonly number[], rows: readonly RowRun[] | null): readonly number[] {
  return rows === null ? shape : [rows.reduce((sum, { count }) => sum + count, 0), ...shape.slice(1)];
}

function outputDtype({ request, roles }: Context, { dtype }: InputTensor): Dtype {
  if (!isCombinable(dtype)) return dtype;
  return request.dtype ?? (roles.kind === 'diff-vector' ? 'F32' : dtype);
}

/** Where the inputs that are used have a tensor. Inputs that share their header have one tensor, and one source. */
function sourcesOf({ matched }: Context, name: string, used: readonly boolean[]): (PlannedSource | null)[] {
  let last: { readonly tensor: InputTensor; readonly source: PlannedSource } | null = null;
  return matched.map(({ tensors }, index) => {
    const tensor = used[index] ? tensors.get(name) : undefined;
    if (tensor === undefined) return null;
    if (last?.tensor !== tensor) last = { tensor, source: toSource(tensor, name) };
    return last.source;
  });
}
