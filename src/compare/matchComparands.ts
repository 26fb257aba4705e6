import type { Model } from '../model/index.js';
import {
  answerQuestion,
  correspond,
  headFacts,
  type Correspondence,
  type CorrespondenceFacts,
  type MapRule,
  type Match,
  type Matchable,
  type NameRules,
  type RearrangedMatch,
} from '../model/correspondence/index.js';
import { layerOf, parseTensorName, unwrapName, type TensorName } from '../model/names/index.js';
import { isSharedName, valuesOf } from '../model/parameters/index.js';
import { comparandsOf, type Comparand } from './comparand.js';

/** A comparand as names are matched: buffers as wholes only. */
export interface MatchableComparand extends Matchable {
  readonly comparand: Comparand;
}

/** Two that correspond, or one without a counterpart. */
export type ComparandPair =
  | { readonly a: Comparand; readonly b: Comparand }
  | { readonly a: Comparand; readonly b: null }
  | { readonly a: null; readonly b: Comparand };

/** A pair, or what has no counterpart, and how that was found. */
export interface MatchedPair {
  readonly pair: ComparandPair;
  readonly match: Match<MatchableComparand> | null;
  /** Why the two are one, for people; null where there is only one. */
  readonly matchedBy: string | null;
  /** Layer and module: A's, also for what only B has, so that both are in one layer. */
  readonly place: TensorName;
}

/** What is compared with what. */
export interface Matching {
  readonly correspondence: Correspondence<MatchableComparand>;
  readonly facts: CorrespondenceFacts;
  /** The user's rules that were in force. */
  readonly nameMap: readonly MapRule[];
}

/** Matches what two versions have to compare. @throws MapRuleError, PatternError */
export function matchComparands(a: Model, b: Model, rules: NameRules): Matching {
  const facts = { a: headFacts(a.settings), b: headFacts(b.settings) };
  return {
    correspondence: correspond(ownComparands(a, b).map(matchable), ownComparands(b, a).map(matchable), rules, facts),
    facts,
    nameMap: rules.map,
  };
}

/** What a version has to compare; another name of a tied weight only where the other version has a weight of its own there. */
function ownComparands(version: Model, other: Model): readonly Comparand[] {
  const all = comparandsOf(version);
  if (!all.some(isSharedName)) return all;
  const untied = new Set(comparandsOf(other).flatMap((comparand) => (isSharedName(comparand) ? [] : endOf(comparand.name))));
  return all.filter((comparand) => !isSharedName(comparand) || untied.has(endOf(comparand.name)));
}

/** `lm_head.weight`, whatever wraps the model. */
function endOf(name: string): string {
  return name.split('.').slice(-2).join('.');
}

function matchable(comparand: Comparand): MatchableComparand {
  const { name, shape, kind } = comparand;
  return { name, shape, values: kind === 'parameter' ? valuesOf(comparand).recipe : null, comparand };
}

/** A question that was answered by the values. */
export function withAnswer(matching: Matching, question: number, candidate: number): Matching {
  return { ...matching, correspondence: answerQuestion(matching.correspondence, question, candidate) };
}

/** Pairs in the order of A's tensors, with those that only A has in their places, then those only in B. */
export function pairsOf({ correspondence }: Matching, a: Model): MatchedPair[] {
  const { matches, onlyA, onlyB, leftOver } = correspondence;
  const placeInA = placesInA(correspondence);
  const found = new Map<string, MatchedPair>();
  for (const match of matches) {
    const own = match.a.comparand;
    const b = match.kind === 'whole' ? match.b.comparand : rearrangedComparand(match, own);
    found.set(own.name, { pair: { a: own, b }, match, matchedBy: match.reason, place: parseTensorName(own.name) });
  }
  for (const { comparand } of onlyA) found.set(comparand.name, alone({ a: comparand, b: null }, parseTensorName(comparand.name)));
  const rests = leftOver.map(({ of, elementCount }) => restOf(of.comparand, elementCount));
  const others = [...onlyB.map(({ comparand }) => comparand), ...rests];
  return [...comparandsOf(a).flatMap(({ name }) => found.get(name) ?? []), ...others.map((b) => alone({ a: null, b }, placeInA(b.name)))];
}

function alone(pair: ComparandPair, place: TensorName): MatchedPair {
  return { pair, match: null, matchedBy: null, place };
}

function rearrangedComparand({ of, values }: RearrangedMatch<MatchableComparand>, { shape, kind }: Comparand): Comparand {
  const [first, ...others] = of;
  const name = others.length === 0 ? first!.name : `${first!.name} and ${others.length} more`;
  return { name, shape, kind, storage: values };
}

/** What is left of a tensor of B of which A has a part only. */
function restOf({ name, kind, storage }: Comparand, elementCount: number): Comparand {
  return { name: `${name} (rest)`, shape: [elementCount], kind, storage };
}

/** B's layers are A's of which some tensor is the counterpart. */
function placesInA({ matches, prefixMap }: Correspondence<MatchableComparand>): (nameB: string) => TensorName {
  const layers = new Map<string, string>();
  for (const match of matches) {
    const other = match.kind === 'whole' ? match.b : match.of[0]!;
    layers.set(layerOf(unwrapName(other.name).name).layer, layerOf(match.a.name).layer);
  }
  return (nameB) => {
    const { name } = unwrapName(nameB);
    const place = parseTensorName(name);
    const layer = place.layerIndex === null ? undefined : layers.get(place.layer);
    if (layer !== undefined) return { ...place, layer };
    const rule = prefixMap.find(({ from }) => name.startsWith(from));
    return rule === undefined ? place : parseTensorName(rule.to + name.slice(rule.from.length));
  };
}
