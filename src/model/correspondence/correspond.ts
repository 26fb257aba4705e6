import { shapeOf, type Recipe } from '../recipe/index.js';
import { arrange, type Source } from './arrangement.js';
import type { ModelSettings } from '../settings/index.js';
import type { Correspondence, HeadFacts, Match, Matchable, NameRules, RearrangedMatch, Tie } from './correspondence.js';
import { decide } from './decide.js';
import { describeSource } from './describeSource.js';
import { namesOf } from './findSource.js';
import { NameMatcher } from './nameMatcher.js';
import { matchPair, matchRearranged, withClause, type CorrespondenceFacts, type OpenMatch } from './openMatch.js';
import { elementsOf, isSqueezed, sameShape, swappedShape } from './structure.js';

/** What settings say of heads. */
export function headFacts(settings: ModelSettings | null): HeadFacts {
  if (settings === null) return noHeadFacts;
  const { values } = settings;
  const count = (name: string): number | null => {
    const value = values[name];
    return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
  };
  const heads = count('num_attention_heads');
  const falcon = values['new_decoder_architecture'] === true ? count('num_kv_heads') : values['multi_query'] === true ? 1 : null;
  const hiddenSize = count('hidden_size');
  const evenShare = heads !== null && hiddenSize !== null && hiddenSize % heads === 0 ? hiddenSize / heads : null;
  return {
    modelType: settings.textModelType ?? settings.modelType,
    heads,
    keyValueHeads: count('num_key_value_heads') ?? falcon ?? heads,
    headSize: count('head_dim') ?? evenShare,
  };
}

export const noHeadFacts: HeadFacts = { modelType: null, heads: null, keyValueHeads: null, headSize: null };

/**
 * Finds each parameter of A in B: by its name, by rules, without wrappers, in other families' names, and then as part of a fused or
 * stacked tensor, or made of several. Takes time in proportion to the number of tensors.
 * @throws MapRuleError, PatternError for rules that cannot be meant
 */
export function correspond<Item extends Matchable>(
  a: readonly Item[],
  b: readonly Item[],
  rules: NameRules,
  facts: CorrespondenceFacts = { a: noHeadFacts, b: noHeadFacts },
): Correspondence<Item> {
  const names = new NameMatcher(a, b, rules, isLikelyOne);
  const matched = new Map<Item, Match<Item> | OpenMatch<Item>>();
  for (const pair of names.pairs) matched.set(pair.a, matchPair(pair, facts));
  const byName = new Map(names.looseB.map(({ item }) => [item.name, item]));
  const used = new Map<Item, number>();
  for (const open of matchRearranged(names, facts)) {
    matched.set(open.a, open);
    noteUse(open.source, elementsOf(open.a.shape!), (name, count) =>
      used.set(byName.get(name)!, (used.get(byName.get(name)!) ?? 0) + count),
    );
  }
  const taken = new Set(names.pairs.map((pair) => pair.b));
  const { matches, questions } = decide(
    a.flatMap((item) => matched.get(item) ?? []),
    facts,
  );
  return {
    matches,
    questions,
    onlyA: a.filter((item) => !matched.has(item)),
    onlyB: b.filter((item) => !taken.has(item) && !used.has(item)),
    leftOver: leftOver(used),
    ties: openTies(names.ties, new Set(matches.map((match) => match.a.name))),
    prefixMap: names.prefixes.filter((rule) => names.usedPrefixes.has(rule)),
    unusedPrefixes: names.unusedPrefixes,
    unusedRules: names.unusedRules,
  };
}

/** Elements of each stored tensor that a source takes. */
function noteUse(source: Source, elementCount: number, note: (name: string, count: number) => void): void {
  switch (source.kind) {
    case 'direct': {
      note(source.name, elementsOf(shapeOf(source.values)));
      return;
    }
    case 'expert':
    case 'member': {
      notePart(source.of, elementCount, note);
      return;
    }
    case 'experts':
    case 'fused':
      for (const part of source.of) noteUse(part, elementCount / source.of.length, note);
      return;
    default:
      source satisfies never;
  }
}

function notePart(source: Source, elementCount: number, note: (name: string, count: number) => void): void {
  for (const name of namesOf(source)) note(name, elementCount);
}

function leftOver<Item extends Matchable>(used: ReadonlyMap<Item, number>): { of: Item; elementCount: number }[] {
  return [...used].flatMap(([of, count]) => {
    const elementCount = elementsOf(of.shape!) - Math.round(count);
    return elementCount > 0 ? [{ of, elementCount }] : [];
  });
}

/** Ties of which something is still without a counterpart; each once. */
function openTies(ties: readonly Tie[], matchedA: ReadonlySet<string>): Tie[] {
  const open = ties.filter((tie) => tie.a.some((name) => !matchedA.has(name)));
  return [...new Map(open.map((tie) => [JSON.stringify(tie), tie])).values()];
}

/** Names that are equal in a wide sense only are one where shapes agree: up to rows, which a vocabulary may have more of. */
function isLikelyOne(a: Matchable, b: Matchable): boolean {
  if (a.shape === null || b.shape === null) return true;
  return isSameButRows(a.shape, b.shape) || swappedShape(a.shape, b.shape) || isSqueezed(a.shape, b.shape);
}

function isSameButRows(a: readonly number[], b: readonly number[]): boolean {
  return a.length < 2 || a.length !== b.length ? sameShape(a, b) : sameShape(a.slice(1), b.slice(1));
}

/** The correspondence with a question answered by one of its candidates: the values of all that it is about lie so. */
export function answerQuestion<Item extends Matchable>(
  correspondence: Correspondence<Item>,
  question: number,
  candidate: number,
): Correspondence<Item> {
  const { candidates, matches: about } = correspondence.questions[question]!;
  const matches = [...correspondence.matches];
  for (const index of about) {
    const match = matches[index]!;
    if (match.kind === 'rearranged') matches[index] = rearrangedAs(match, candidates[candidate]!.arrangement);
  }
  return { ...correspondence, matches };
}

/** B's values in another arrangement; null where that does not give the shape. */
export function readAs<Item extends Matchable>(
  { source, wanted }: RearrangedMatch<Item>,
  arrangement: RearrangedMatch<Item>['arrangement'],
): Recipe | null {
  return arrange(source, arrangement, wanted);
}

/** The match in another arrangement; as it is where that does not give its shape. */
export function rearrangedAs<Item extends Matchable>(
  match: RearrangedMatch<Item>,
  arrangement: RearrangedMatch<Item>['arrangement'],
): RearrangedMatch<Item> {
  const values = readAs(match, arrangement);
  if (values === null) return match;
  const reason = withClause(match.names, describeSource(match.source, arrangement, match.wanted));
  return { ...match, values, arrangement, reason };
}
