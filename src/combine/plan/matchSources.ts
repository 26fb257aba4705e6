import { groupBy } from '../../base/groupBy.js';
import { checkOrder, rereadMatch, type OrderEvidence, type PrefixRule, type Reread } from '../../compare/index.js';
import {
  alternativesOf,
  answerQuestion,
  correspond,
  headFacts,
  subjectOf,
  type Correspondence,
  type CorrespondenceFacts,
  type Matchable,
  type MapRule,
  type Match,
  type NameRules,
  type Tie,
} from '../../model/correspondence/index.js';
import { plainDtype, shapeOf, type Recipe } from '../../model/recipe/index.js';
import { vocabularyPart } from '../../model/vocabulary/index.js';
import type { InputTensor } from './inputTensors.js';
import type { OpenInput } from './openInputs.js';

/** What an input has under the template's names. */
export interface MatchedInput {
  readonly input: OpenInput;
  /** The rules by which names were matched. */
  readonly prefixMap: readonly PrefixRule[];
  /** Rules of the user's whose pattern fits no name of this input. */
  readonly unusedRules: readonly MapRule[];
  /** By the template's name. */
  readonly tensors: ReadonlyMap<string, InputTensor>;
  /** Why values that lie otherwise than in the template are its own, by the template's name. */
  readonly rearranged: ReadonlyMap<string, string>;
  /** What names and shapes left open, and what a sample of the values says of it. */
  readonly orders: readonly CheckedOrder[];
  /** Equal candidates, of which none is taken. */
  readonly ties: readonly Tie[];
  /** The template's output heads for which this input's embedding stands, because it ties them. */
  readonly tiedHeads: ReadonlySet<string>;
  /** Tensors that the template lacks, or has a part of only. */
  readonly unmatched: readonly InputTensor[];
}

/** What names and shapes leave open of some tensors, and what a sample of their values says. */
export interface CheckedOrder {
  readonly subject: string;
  /** The first is what names say. */
  readonly candidates: readonly { readonly label: string }[];
  readonly evidence: OrderEvidence;
}

/** Finds each tensor of the template in an input: by its name, by rules, as part of others, made of several, or as a tied embedding. */
export function matchInput(template: OpenInput, input: OpenInput, rules: NameRules): MatchedInput {
  const names = matchNames(template, input, rules);
  const tied = tieHeads(template.tensors, input, names.tensors);
  if (tied.size === 0) return { input, ...names, tiedHeads: new Set() };
  return { input, ...names, tensors: new Map([...names.tensors, ...tied]), tiedHeads: new Set(tied.keys()) };
}

type MatchedNames = Omit<MatchedInput, 'input' | 'tiedHeads'>;

const plainMatch = { prefixMap: [], unusedRules: [], rearranged: new Map(), orders: [], ties: [], unmatched: [] } as const;

function matchNames(template: OpenInput, input: OpenInput, rules: NameRules): MatchedNames {
  if (input === template || input.tensors === template.tensors) return { ...plainMatch, tensors: byName(input.tensors) };
  return knownMatch(template, input, rules);
}

/** Versions that have the same names and shapes, as most do, need no more than one map. */
function matchSame(template: OpenInput, input: OpenInput): MatchedNames | null {
  const { tensors } = template;
  const exact = byName(input.tensors);
  const isSame = exact.size === tensors.length && tensors.every(({ name, shape }) => hasShape(exact.get(name), shape));
  if (!isSame) return null;
  const doubtful = tensors.filter(({ name, shape }) => mayLieOtherwise(name, shape));
  const matches = doubtful.map((tensor): Match<MatchableTensor> => {
    return { kind: 'whole', a: matchable(tensor), b: matchable(exact.get(tensor.name)!), reason: 'equal name' };
  });
  return lookAgain(template, input, matches, { ...plainMatch, tensors: exact });
}

/** Names of fused weights, roughly: `alternativesOf` knows. */
const maybeFused = /qkv|gate_up|query_key_value|c_attn|W_pack|linear_fc1|dense_h_to_4h|input_linear/;

function mayLieOtherwise(name: string, shape: readonly number[]): boolean {
  return shape.length > 1 && (shape.at(-1) === shape.at(-2) || maybeFused.test(name));
}

/** Tensors of a kind that are looked at. */
const sampledOfKind = 2;

/**
 * Whether values of equal names and shapes lie otherwise than in the template: transposed squares, parts packed in another order. Of each
 * kind the first and the last tensor are looked at; where they agree in another order, all of the kind are read so.
 */
function lookAgain(template: OpenInput, input: OpenInput, matches: readonly Match<MatchableTensor>[], names: MatchedNames): MatchedNames {
  if (matches.length === 0) return names;
  const facts = factsOf(template, input);
  const kinds = groupBy(matches, ({ a }) => subjectOf(a.name));
  const reread: { readonly subject: string; readonly kind: readonly Match<MatchableTensor>[]; readonly found: Reread }[] = [];
  for (const [subject, kind] of kinds) {
    const sampled = kind.length <= sampledOfKind ? kind : [kind[0]!, kind.at(-1)!];
    const found = sampled.map((match) => rereadMatch(template.checkpoint, input.checkpoint, match, facts));
    const [first] = found;
    if (first === undefined || first === null || !found.every((other) => other?.alternative.label === first.alternative.label)) continue;
    reread.push({ subject, kind, found: first });
  }
  if (reread.length === 0) return names;
  const [tensors, rearranged] = [new Map(names.tensors), new Map(names.rearranged)];
  for (const { kind, found } of reread) {
    for (const match of kind) {
      const alternative = alternativesOf(match, facts).find(({ label }) => label === found.alternative.label);
      if (alternative === undefined) continue;
      tensors.set(match.a.name, withValues(tensors.get(match.a.name)!, alternative.values));
      rearranged.set(match.a.name, alternative.reason);
    }
  }
  const orders = reread.map(({ subject, found: { candidates, evidence } }): CheckedOrder => ({ subject, candidates, evidence }));
  return { ...names, tensors, rearranged, orders: [...names.orders, ...orders] };
}

function factsOf(template: OpenInput, input: OpenInput): CorrespondenceFacts {
  return { a: headFacts(template.checkpoint.settings), b: headFacts(input.checkpoint.settings) };
}

function hasShape(tensor: InputTensor | undefined, shape: readonly number[]): boolean {
  return tensor !== undefined && tensor.shape.length === shape.length && shape.every((size, axis) => size === tensor.shape[axis]);
}

const namedTensors = new WeakMap<readonly InputTensor[], ReadonlyMap<string, InputTensor>>();

/** One map for inputs that share their list of tensors. */
function byName(tensors: readonly InputTensor[]): ReadonlyMap<string, InputTensor> {
  const known = namedTensors.get(tensors);
  if (known !== undefined) return known;
  const named = new Map<string, InputTensor>();
  for (const tensor of tensors) named.set(tensor.name, tensor);
  namedTensors.set(tensors, named);
  return named;
}

const knownMatches = new WeakMap<OpenInput, WeakMap<OpenInput, Map<string, MatchedNames>>>();

/** Candidates of an evaluation match the same inputs again and again: values are sampled once. */
function knownMatch(template: OpenInput, input: OpenInput, rules: NameRules): MatchedNames {
  const ofTemplate = knownMatches.get(template) ?? new WeakMap<OpenInput, Map<string, MatchedNames>>();
  knownMatches.set(template, ofTemplate);
  const byRules = ofTemplate.get(input) ?? new Map<string, MatchedNames>();
  ofTemplate.set(input, byRules);
  const key = JSON.stringify(rules);
  const match = byRules.get(key) ?? (rules.map.length === 0 ? matchSame(template, input) : null) ?? matchAnew(template, input, rules);
  byRules.set(key, match);
  return match;
}

interface MatchableTensor extends Matchable {
  readonly tensor: InputTensor;
}

/** @throws MapRuleError, PatternError for rules that cannot be meant; FileReadError, FormatError of the sample */
function matchAnew(template: OpenInput, input: OpenInput, rules: NameRules): MatchedNames {
  const named = correspond(template.tensors.map(matchable), input.tensors.map(matchable), rules, factsOf(template, input));
  const orders = named.questions.map((question): CheckedOrder => {
    const { subject, candidates } = question;
    return { subject, candidates, evidence: checkOrder(template.checkpoint, input.checkpoint, named, question) };
  });
  const answered = orders.reduce(
    (correspondence: Correspondence<MatchableTensor>, { evidence }, question) =>
      (evidence.answer ?? 0) === 0 ? correspondence : answerQuestion(correspondence, question, evidence.answer!),
    named,
  );
  const rearranged = answered.matches.flatMap((match) => (match.kind === 'rearranged' ? [[match.a.name, match.reason] as const] : []));
  const doubtful = answered.matches.filter(({ a }) => mayLieOtherwise(a.name, a.shape ?? []));
  return lookAgain(template, input, doubtful, {
    prefixMap: answered.prefixMap,
    unusedRules: answered.unusedRules,
    tensors: new Map(answered.matches.map((match) => [match.a.name, tensorOf(match)])),
    rearranged: new Map(rearranged),
    orders,
    ties: answered.ties,
    unmatched: [...answered.onlyB, ...answered.leftOver.map(({ of }) => of)].map(({ tensor }) => tensor),
  });
}

function matchable(tensor: InputTensor): MatchableTensor {
  const { name, shape, recipe, isBuffer, obstacle } = tensor;
  const isCombined = !isBuffer && obstacle === null;
  return { name, shape: recipe === null ? null : shape, values: isCombined ? recipe : null, tensor };
}

function tensorOf(match: Match<MatchableTensor>): InputTensor {
  if (match.kind === 'whole') return match.b.tensor;
  const [first, ...others] = match.of;
  const name = others.length === 0 ? first!.name : `${first!.name} and ${others.length} more`;
  return withValues({ ...first!.tensor, name }, match.values);
}

function withValues(tensor: InputTensor, values: Recipe): InputTensor {
  return { ...tensor, shape: shapeOf(values), dtype: plainDtype(values), recipe: values, codes: null };
}

/**
 * A version that ties its embeddings stores one tensor for two uses. Where the template stores both, that tensor is the
 * source of both; it is never added twice to the same values.
 * @returns the head's source by its name
 */
function tieHeads(
  tensors: readonly InputTensor[],
  input: OpenInput,
  found: ReadonlyMap<string, InputTensor>,
): ReadonlyMap<string, InputTensor> {
  const heads = tensors.filter(({ name }) => vocabularyPart(name) === 'head' && !found.has(name));
  const embeddings = tensors.filter(({ name }) => vocabularyPart(name) === 'embedding' && !name.includes('per_layer'));
  const tied = new Map<string, InputTensor>();
  const stored = embeddings.length === 1 ? found.get(embeddings[0]!.name) : undefined;
  // What an adapter changes is its own: whether its base ties the two is not known.
  if (stored === undefined || input.checkpoint.config?.tiedEmbeddings === false || input.checkpoint.adapter !== null) return tied;
  for (const { name, shape } of heads) {
    if (shape[1] === stored.shape[1]) tied.set(name, stored);
  }
  return tied;
}
