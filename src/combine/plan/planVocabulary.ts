import type { Finding } from '../../checkpoint/index.js';
import type { CombineRequest } from '../request.js';
import type { VocabularyPlan } from '../plan.js';
import type { MatchedInput } from './matchSources.js';
import { andList } from '../../base/nameList.js';
import type { Roles } from './roles.js';
import { matchTokens, wholeRowsOf } from './matchTokens.js';
import type { OpenInput } from './openInputs.js';
import { unnamedFindings } from './unnamedFindings.js';
import { renamedFinding, unrelatedRefusals, vocabularyFindings } from './vocabularyFindings.js';
import { plural } from '../../base/format.js';
import {
  alignByIndex,
  alignRows,
  type TokenAlignment,
  isPlain,
  summarizeRows,
  type AlignedRow,
  type RowSummary,
  vocabularyPart,
  type RenamedToken,
  type RowRun,
} from '../../model/vocabulary/index.js';

const mostLeftOut = 100;

/** How the rows of the tensors that have one per token are matched. */
export interface VocabularyDecision {
  readonly plan: VocabularyPlan | null;
  /** The matching by token, where that is the rule. */
  readonly alignment: TokenAlignment | null;
  /** Tokens of the template that the output calls as a fine-tune does. */
  readonly renamed: readonly RenamedToken[];
  /** Names of the template's tensors with a row per token. */
  readonly tensors: ReadonlySet<string>;
  /** Rows of such a tensor; null when they correspond by index and are equally many. */
  readonly rowsOf: (name: string) => readonly RowRun[] | null;
  readonly findings: readonly Finding[];
  readonly refusals: readonly Finding[];
}

const nothing: VocabularyDecision = {
  plan: null,
  alignment: null,
  renamed: [],
  tensors: new Set(),
  rowsOf: () => null,
  findings: [],
  refusals: [],
};

/**
 * Decides how rows are matched. Reads no weights but rows that stand for no token.
 * @param participates whether any such tensor is changed at all; otherwise the vocabulary stays the template's
 */
export async function planVocabulary(
  request: CombineRequest,
  roles: Roles,
  matched: readonly MatchedInput[],
  participates: (name: string) => boolean,
  signal?: AbortSignal,
): Promise<VocabularyDecision> {
  const names = vocabularyTensors(matched[roles.template]!.input);
  const [first] = names;
  if (first === undefined || !names.some(participates) || !names.every((name) => hasEqualColumns(name, matched))) return nothing;
  const rowCounts = (name: string): readonly number[] => matched.map(({ tensors }) => tensors.get(name)?.shape[0] ?? 0);
  const { rule, reason } = chooseRule(request, matched, names.map(rowCounts));
  const byToken = rule === 'tokens' ? await matchTokens(names, roles, matched, signal) : null;
  const alignment = byToken?.alignment ?? null;
  const summaries = new Map<string, RowSummary>();
  const summaryOf = (name: string): RowSummary => {
    const key = rowCounts(name).join();
    const summary = summaries.get(key) ?? summarizeRows(rowsBy(rule, alignment, roles, rowCounts(name)));
    summaries.set(key, summary);
    return summary;
  };
  const plan = describe(rule, reason, summaryOf(first), rowCounts(first)[roles.template]!, alignment);
  const runs = new Map(names.map((name) => [name, runsOf(summaryOf(name), rowCounts(name))]));
  return {
    plan,
    alignment,
    renamed: byToken?.renamed ?? [],
    tensors: new Set(names),
    rowsOf: (name) => runs.get(name) ?? null,
    findings: [
      ...vocabularyFindings(plan, roles, matched),
      ...(byToken === null
        ? []
        : [...renamedFinding(byToken.renamed, roles, matched), ...unnamedFindings(byToken, roles, matched, rowCounts(first))]),
    ],
    refusals: rule === 'rows' && request.vocabulary !== 'rows' ? unrelatedRefusals(matched) : [],
  };
}

/** Towers of multimodal models may have embeddings of their own: only those as tall as the first count. */
function vocabularyTensors({ tensors }: OpenInput): string[] {
  const candidates = tensors.filter(({ name, shape }) => vocabularyPart(name) !== null && shape.length > 0);
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
  if (without.length > 0)
    return {
      rule: 'rows',
      reason: `Rows are matched by index, because ${andList(without)} ${without.length === 1 ? 'has' : 'have'} no tokenizer.`,
    };
  const sameRows = rowCounts.every((counts) => counts.every((rows) => rows === 0 || rows === counts.find((other) => other > 0)));
  if (sameRows && haveSameTokens(matched)) return { rule: 'same', reason: 'All versions have the same tokens in the same rows.' };
  const reason = haveSameTokens(matched)
    ? 'All versions have the same tokens, but tables of different lengths: rows are matched by the token they stand for.'
    : 'The vocabularies differ, so rows are matched by the token they stand for.';
  return { rule: 'tokens', reason };
}

function haveSameTokens(matched: readonly MatchedInput[]): boolean {
  const [first, ...others] = matched.map(({ input }) => input.vocabulary!.idOf);
  return (
    others.every((idOf) => idOf === first || (idOf.size === first!.size && [...idOf].every(([token, id]) => first!.get(token) === id))) &&
    matched.every(({ input }) => wholeRowsOf(input).length === 0)
  );
}

function* rowsBy(
  rule: VocabularyPlan['rule'],
  alignment: TokenAlignment | null,
  { template, added }: Roles,
  rowCounts: readonly number[],
): Generator<AlignedRow> {
  if (alignment !== null) {
    yield* alignRows(alignment, rowCounts);
    return;
  }
  let row = 0;
  for (const source of alignByIndex(rowCounts, template, rule === 'same' ? [template] : added)) {
    yield { sources: source.sources, copied: source.copied, token: null, kind: kindByIndex(row++, source.copied, rowCounts[template]!) };
  }
}

function kindByIndex(row: number, isCopied: boolean, templateRowCount: number): AlignedRow['kind'] {
  if (isCopied) return 'kept';
  return row < templateRowCount ? 'combined' : 'added';
}

function runsOf({ runs, count }: RowSummary, rowCounts: readonly number[]): readonly RowRun[] | null {
  return isPlain(runs) && rowCounts.every((rows) => rows === count) ? null : runs;
}

function describe(
  rule: VocabularyPlan['rule'],
  reason: string,
  { count, counts, tokens }: RowSummary,
  templateRowCount: number,
  alignment: TokenAlignment | null,
): VocabularyPlan {
  const leftOut = alignment?.leftOut ?? [];
  const grown = count - templateRowCount;
  return {
    rule,
    reason: rule === 'rows' && grown > 0 ? `${reason} ${plural(grown, 'row')} beyond the target's are added to zeros.` : reason,
    rowCount: count,
    templateRowCount,
    shared: counts.combined,
    addedFromFinetuned: counts.added,
    onlyTarget: counts.kept,
    withoutDifference: counts['without-difference'],
    ...(counts.unnamed === 0 ? {} : { unnamed: counts.unnamed }),
    padding: counts.padding,
    leftOut: leftOut.length,
    addedTokens: tokens.added,
    onlyTargetTokens: tokens.kept,
    withoutDifferenceTokens: tokens['without-difference'],
    leftOutTokens: leftOut.slice(0, mostLeftOut),
  };
}
