import type { Finding } from '../../checkpoint/index.js';
import { plural } from '../../compare/report/index.js';
import type { CombineRequest } from '../request.js';
import type { RowRun, VocabularyPlan } from '../plan.js';
import { alignByIndex } from '../vocabulary/alignByIndex.js';
import { alignRows, alignTokens, type AlignedRow, type TokenAlignment } from '../vocabulary/alignTokens.js';
import { isPlain, toRowRuns } from '../vocabulary/rowRuns.js';
import { vocabularyPart } from '../vocabulary/vocabularyTensor.js';
import type { MatchedInput } from './matchSources.js';
import { andList } from './nameList.js';
import type { Roles } from './roles.js';
import type { OpenInput } from './openInputs.js';
import { vocabularyFindings } from './vocabularyFindings.js';

const mostNames = 100;

/** How the rows of the tensors that have one per token are matched. */
export interface VocabularyDecision {
  readonly plan: VocabularyPlan | null;
  /** The matching by token, where that is the rule. */
  readonly alignment: TokenAlignment | null;
  /** Names of the template's tensors with a row per token. */
  readonly tensors: ReadonlySet<string>;
  /** Rows of such a tensor; null when they correspond by index and are equally many. */
  readonly rowsOf: (name: string) => readonly RowRun[] | null;
  readonly findings: readonly Finding[];
}

/** @param participates whether any such tensor is changed at all; otherwise the vocabulary stays the template's */
export function planVocabulary(request: CombineRequest, roles: Roles, matched: readonly MatchedInput[], participates: (name: string) => boolean): VocabularyDecision {
  const names = vocabularyTensors(matched[roles.template]!.input);
  const [first] = names;
  const none: VocabularyDecision = { plan: null, alignment: null, tensors: new Set(), rowsOf: () => null, findings: [] };
  if (first === undefined || !names.some(participates) || !names.every((name) => hasEqualColumns(name, matched))) return none;
  const rowCounts = (name: string): readonly number[] => matched.map(({ tensors }) => tensors.get(name)?.shape[0] ?? 0);
  const { rule, reason } = chooseRule(request, matched, names.map(rowCounts));
  const alignment = rule === 'tokens' ? alignTokens(alignmentRequest(roles, matched)) : null;
  const rowsAt = (name: string): readonly AlignedRow[] => rowsBy(rule, alignment, roles, rowCounts(name));
  const plan = count(rule, reason, rowsAt(first), rowCounts(first)[roles.template]!, alignment);
  const runs = new Map(names.map((name) => [name, runsOf(rowsAt(name), rowCounts(name))]));
  return { plan, alignment, tensors: new Set(names), rowsOf: (name) => runs.get(name) ?? null, findings: vocabularyFindings(plan, roles, matched) };
}

/** Towers of multimodal models may have embeddings of their own: only those as tall as the first count. */
function vocabularyTensors({ checkpoint }: OpenInput): string[] {
  const candidates = checkpoint.tensors.filter(({ name, shape }) => vocabularyPart(name) !== null && shape.length > 0);
  const first = candidates.find(({ name }) => vocabularyPart(name) === 'embedding') ?? candidates[0];
  const belongs = candidates.filter(({ name, shape }) => shape[0] === first?.shape[0] || name.includes('per_layer'));
  return belongs.sort((a, b) => Number(b === first) - Number(a === first)).map(({ name }) => name);
}

/** Where only the rows differ in number, they can be matched; anything else is another shape. */
function hasEqualColumns(name: string, matched: readonly MatchedInput[]): boolean {
  const columns = matched.flatMap(({ tensors }) => tensors.get(name)?.shape.slice(1).join() ?? []);
  return new Set(columns).size === 1;
}

interface Rule {
  readonly rule: VocabularyPlan['rule'];
  readonly reason: string;
}

function chooseRule({ vocabulary }: CombineRequest, matched: readonly MatchedInput[], rowCounts: readonly (readonly number[])[]): Rule {
  if (vocabulary === 'rows') return { rule: 'rows', reason: 'Rows are matched by index, as asked for.' };
  const without = matched.filter(({ input }) => input.vocabulary === null).map(({ input }) => input.role);
  if (without.length > 0) return { rule: 'rows', reason: `Rows are matched by index, because ${andList(without)} ${without.length === 1 ? 'has' : 'have'} no readable tokenizer.json.` };
  const sameRows = rowCounts.every((counts) => counts.every((rows) => rows === 0 || rows === counts.find((other) => other > 0)));
  if (sameRows && haveSameTokens(matched)) return { rule: 'same', reason: 'All versions have the same tokens in the same rows.' };
  return { rule: 'tokens', reason: 'The vocabularies differ, so rows are matched by the token they stand for.' };
}

function haveSameTokens(matched: readonly MatchedInput[]): boolean {
  const [first, ...others] = matched.map(({ input }) => input.vocabulary!.idOf);
  return others.every((idOf) => idOf.size === first!.size && [...idOf].every(([token, id]) => first!.get(token) === id)) && matched.every(({ input }) => wholeRowsOf(input).length === 0);
}

function alignmentRequest({ template, contributors, kind }: Roles, matched: readonly MatchedInput[]): TokenAlignment['request'] {
  const inputs = matched.map(({ input }) => {
    const runs = wholeRowsOf(input);
    const isWhole = (row: number): boolean => runs.some(([first, length]) => row >= first && row < first + length);
    return { vocabulary: input.vocabulary!, isDifference: input.diffVector !== null, isWhole };
  });
  return { inputs, template, contributors, keepsPadding: kind === 'model' };
}

function wholeRowsOf({ diffVector }: OpenInput): (readonly [number, number])[] {
  return Object.values(diffVector?.wholeRows ?? {}).flat();
}

function rowsBy(rule: VocabularyPlan['rule'], alignment: TokenAlignment | null, { template, added }: Roles, rowCounts: readonly number[]): readonly AlignedRow[] {
  if (alignment !== null) return alignRows(alignment, rowCounts);
  if (rule === 'same') return alignByIndex(rowCounts, template, [template]).map((row) => ({ ...row, token: null, kind: 'combined' }));
  return alignByIndex(rowCounts, template, added).map((row, index) => ({ ...row, token: null, kind: kindByIndex(index, row.copied, rowCounts, template) }));
}

function kindByIndex(row: number, isCopied: boolean, rowCounts: readonly number[], template: number): AlignedRow['kind'] {
  if (isCopied) return 'kept';
  return row < rowCounts[template]! ? 'combined' : 'added';
}

function runsOf(rows: readonly AlignedRow[], rowCounts: readonly number[]): readonly RowRun[] | null {
  const runs = toRowRuns(rows);
  return isPlain(runs) && rowCounts.every((count) => count === rows.length) ? null : runs;
}

function count(rule: VocabularyPlan['rule'], reason: string, rows: readonly AlignedRow[], templateRowCount: number, alignment: TokenAlignment | null): VocabularyPlan {
  const of = (kind: AlignedRow['kind']): readonly AlignedRow[] => rows.filter((row) => row.kind === kind);
  const names = (kind: AlignedRow['kind']): string[] => of(kind).flatMap(({ token }) => token ?? []).slice(0, mostNames);
  const leftOut = alignment?.leftOut ?? [];
  return {
    rule,
    reason: rule === 'rows' && rows.length > templateRowCount ? `${reason} ${plural(rows.length - templateRowCount, 'row')} beyond the target's are added to zeros.` : reason,
    rowCount: rows.length,
    templateRowCount,
    shared: of('combined').length,
    addedFromFinetuned: of('added').length,
    onlyTarget: of('kept').length,
    withoutDifference: of('without-difference').length,
    padding: of('padding').length,
    leftOut: leftOut.length,
    addedTokens: names('added'),
    onlyTargetTokens: names('kept'),
    withoutDifferenceTokens: names('without-difference'),
    leftOutTokens: leftOut.slice(0, mostNames),
  };
}
