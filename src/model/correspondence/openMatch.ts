import { layerOf, unwrapName, type PrefixRule } from '../names/index.js';
import { arrange, isSquare, type Arrangement, type FusedFamily, type Layout, type Source, type Wanted } from './arrangement.js';
import { arrangementsOf, labelOf, namedLayout, plainArrangement } from './candidates.js';
import type { HeadFacts, Match, Matchable, WholeMatch } from './correspondence.js';
import { familyOfWhole, findSource, namesOf, rotaryOf, type FindMaterial } from './findSource.js';
import { mappedNames, nameReason, type NameMatcher, type Named, type NamePair } from './nameMatcher.js';
import { isSqueezed, reshaped, sameShape, swappedShape } from './structure.js';
import { shapeOf, type Recipe } from '../recipe/index.js';
import { canonicalName } from './canonicalName.js';

/** What both sides' settings say. */
export interface CorrespondenceFacts {
  readonly a: HeadFacts;
  readonly b: HeadFacts;
}

/** A match whose values lie otherwise in B, maybe in several ways. */
export interface OpenMatch<Item extends Matchable> {
  readonly kind: 'open';
  readonly a: Item;
  readonly of: readonly Item[];
  /** Why the names are one. */
  readonly names: string;
  readonly source: Source;
  readonly wanted: Wanted;
  /** Those that give the right shape, what names say first. */
  readonly arrangements: readonly Arrangement[];
  /** What a question would be about. */
  readonly subject: string;
}

/** What is known of two whose names are one. */
export function matchPair<Item extends Matchable>(pair: NamePair<Item>, facts: CorrespondenceFacts): Match<Item> | OpenMatch<Item> {
  const { a, b, reason, named } = pair;
  const whole: WholeMatch<Item> = { kind: 'whole', a, b, reason };
  if (a.values === null || b.values === null || a.shape === null || b.shape === null) return whole;
  const canonical = named?.a.canonical ?? a.name;
  const rotary = named && rotariesOf(canonical, named);
  const layouts = named && layoutsOf(named.a, named.b, facts);
  const isAsStored = rotary === null && layouts === null;
  if (isAsStored && sameShape(a.shape, b.shape)) return whole;
  if (isSqueezed(a.shape, b.shape)) return squeezed(pair, reshaped(b.values, a.shape));
  if (isAsStored && (isEmbedding(canonical) || !swappedShape(a.shape, b.shape))) return whole;
  const direct: Source = { kind: 'direct', values: b.values, name: b.name, rotary: rotary?.b ?? null };
  const wanted: Wanted = { shape: a.shape, leaf: leafOf(canonical), rotary: rotary?.a ?? null, layout: layouts?.a ?? null };
  const source = layouts === null ? direct : takenApart(direct, familyOfWhole(canonical)!, facts);
  return openMatch({ a, of: [b], names: reason, source, wanted, subject: subjectOf(canonical) }, facts, layouts?.b ?? null) ?? whole;
}

/** A table with a row for each token or position: nobody stores it transposed, so that another shape is another table. */
function isEmbedding(name: string): boolean {
  return /(?:^|\.)(?:\w*embed\w*|wte|wpe)\.weight$/.test(name);
}

/** Two of one name and shape that are square: which way round they are stored is open where others are transposed. */
export function matchSquare<Item extends Matchable>(
  { a, b, reason }: WholeMatch<Item>,
  facts: CorrespondenceFacts,
): OpenMatch<Item> | null {
  if (a.shape === null || a.values === null || b.values === null || !isSquare(a.shape)) return null;
  const source: Source = { kind: 'direct', values: b.values, name: b.name, rotary: null };
  const wanted: Wanted = { shape: a.shape, leaf: leafOf(a.name), rotary: null, layout: null };
  return openMatch({ a, of: [b], names: reason, source, wanted, subject: subjectOf(a.name) }, facts, null);
}

/** Null where both sides rotate alike, or nothing is rotated. */
function rotariesOf<Item extends Matchable>(canonical: string, { a, b }: { readonly a: Named<Item>; readonly b: Named<Item> }) {
  const sides = { a: rotaryOf(canonical, a.schemes), b: rotaryOf(canonical, b.schemes) };
  return sides.a === sides.b ? null : sides;
}

/** Layouts of two fused weights of one name; null where they are laid out alike. */
function layoutsOf<Item extends Matchable>(a: Named<Item>, b: Named<Item>, facts: CorrespondenceFacts): { a: Layout; b: Layout } | null {
  const family = familyOfWhole(a.canonical);
  if (family === null) return null;
  const layouts = {
    a: namedLayout(family, a.schemes, a.canonical, facts.a),
    b: namedLayout(family, b.schemes, b.canonical, facts.b),
  };
  return JSON.stringify(layouts.a) === JSON.stringify(layouts.b) ? null : layouts;
}

/** A fused weight whose parts are put together anew. */
function takenApart(direct: Source, family: FusedFamily, facts: CorrespondenceFacts): Source {
  const shares = sharesOf(family, facts);
  return { kind: 'fused', family, of: family.parts.map((_, member): Source => ({ kind: 'member', of: direct, family, member, shares })) };
}

function sharesOf({ parts }: FusedFamily, { a, b }: CorrespondenceFacts): readonly number[] {
  const heads = a.heads ?? b.heads;
  const keyValueHeads = a.keyValueHeads ?? b.keyValueHeads;
  if (parts.length === 2 || heads === null || keyValueHeads === null) return parts.map(() => 1);
  return [heads, keyValueHeads, keyValueHeads];
}

/** Only axes of size 1 differ. */
function squeezed<Item extends Matchable>({ a, b, reason }: NamePair<Item>, values: Recipe): Match<Item> {
  const source: Source = { kind: 'direct', values, name: b.name, rotary: null };
  const wanted: Wanted = { shape: a.shape!, leaf: '', rotary: null, layout: null };
  const why = withClause(reason, `stored as [${b.shape!.join(', ')}]`);
  return {
    kind: 'rearranged',
    a,
    of: [b],
    values,
    names: reason,
    reason: why,
    source,
    wanted,
    arrangement: plainArrangement,
    question: null,
  };
}

/** What has no counterpart of its name, as part of B's fused and stacked tensors or made of several. */
export function* matchRearranged<Item extends Matchable>(names: NameMatcher<Item>, facts: CorrespondenceFacts): Generator<OpenMatch<Item>> {
  if (names.looseA.length === 0 || names.looseB.length === 0) return;
  const byName = new Map<string, Named<Item>>();
  for (const named of names.looseB) {
    for (const name of [named.canonical, ...mappedNames(named.canonical, names.prefixes)]) if (!byName.has(name)) byName.set(name, named);
  }
  const byStoredName = new Map(names.looseB.map((named) => [named.item.name, named]));
  const find: FindMaterial = (name) => {
    const named = byName.get(name);
    const values = named?.item.values ?? null;
    return named === undefined || values === null ? undefined : { name: named.item.name, values, schemes: named.schemes };
  };
  const known: KnownArrangements = new Map();
  for (const own of names.looseA) {
    if (own.item.shape === null || own.item.values === null) continue;
    const source = findSource(own.canonical, own.item.shape, find);
    if (source === null || source.kind === 'direct') continue;
    const others = namesOf(source).map((name) => byStoredName.get(name)!);
    const open = openRearranged(own, others, source, facts, names, known);
    if (open !== null) yield open;
  }
}

function openRearranged<Item extends Matchable>(
  own: Named<Item>,
  others: readonly Named<Item>[],
  source: Source,
  facts: CorrespondenceFacts,
  names: NameMatcher<Item>,
  known: KnownArrangements,
): OpenMatch<Item> | null {
  const { item: a, canonical } = own;
  const first = others[0]!;
  const prefix = prefixBetween(first.canonical, canonical, names.prefixes);
  if (prefix !== null) names.usedPrefixes.add(prefix);
  const isWhole = source.kind === 'fused' || source.kind === 'experts';
  const fused = isWhole ? { named: own, facts: facts.a } : { named: first, facts: facts.b };
  const family = familyOfWhole(fused.named.canonical);
  const layout = family && namedLayout(family, fused.named.schemes, fused.named.canonical, fused.facts);
  const wanted: Wanted = { shape: a.shape!, leaf: leafOf(canonical), rotary: rotaryOf(canonical, own.schemes), layout: null };
  const reason = nameReason(own, first, 'canonical', prefix);
  const of = others.map(({ item }) => item);
  return openMatch({ a, of, names: reason, source, wanted, subject: subjectOf(fused.named.canonical) }, facts, layout, known);
}

/** The rule by which two names are in one layer. */
function prefixBetween(from: string, to: string, prefixes: readonly PrefixRule[]): PrefixRule | null {
  const { layer } = layerOf(to);
  if (layerOf(from).layer === layer) return null;
  return prefixes.find((rule) => mappedNames(from, [rule]).some((name) => layerOf(name).layer === layer)) ?? null;
}

/** Null where no arrangement gives the right shape. */
function openMatch<Item extends Matchable>(
  given: Omit<OpenMatch<Item>, 'kind' | 'arrangements'>,
  facts: CorrespondenceFacts,
  layout: Layout | null,
  known: KnownArrangements = new Map(),
): OpenMatch<Item> | null {
  const arrangements = arrangementsThatFit(given.source, given.wanted, layout, facts, known);
  return arrangements.length === 0 ? null : { kind: 'open', ...given, arrangements };
}

/** Arrangements by what they depend on: a model has thousands of tensors alike. */
type KnownArrangements = Map<string, readonly Arrangement[]>;

function arrangementsThatFit(
  source: Source,
  wanted: Wanted,
  layout: Layout | null,
  facts: CorrespondenceFacts,
  known: KnownArrangements,
): readonly Arrangement[] {
  const key = `${outlineOf(source)} ${wanted.shape.join('x')} ${wanted.leaf} ${String(wanted.rotary)} ${JSON.stringify([layout, wanted.layout])}`;
  const before = known.get(key);
  if (before !== undefined && (before.length === 0 || arrange(source, before[0]!, wanted) !== null)) return before;
  const found = readingsOf(source, wanted, layout, facts).map(({ arrangement }) => arrangement);
  known.set(key, found);
  return found;
}

/** What a source is made of but for names and places: of several parts alike, the first and how many. */
function outlineOf(source: Source): string {
  switch (source.kind) {
    case 'direct':
      return `${shapeOf(source.values).join('x')} ${String(source.rotary)}`;
    case 'expert':
      return `expert(${outlineOf(source.of)})`;
    case 'member':
      return `${source.family.whole} ${source.member} ${String(source.shares)}(${outlineOf(source.of)})`;
    case 'experts':
      return `${source.of.length}(${outlineOf(source.of[0]!)})`;
    case 'fused':
      return `${source.family.whole}(${source.of.map(outlineOf).join()})`;
    default:
      return source satisfies never;
  }
}

interface Reading {
  readonly arrangement: Arrangement;
  readonly values: Recipe;
}

/** The arrangements that give the right shape, each with what it makes of the values. Where both sides are fused, several may make the same. */
function readingsOf(source: Source, wanted: Wanted, layout: Layout | null, facts: CorrespondenceFacts): Reading[] {
  const readings = arrangementsOf(source, wanted, layout, facts).flatMap((arrangement) => {
    const values = arrange(source, arrangement, wanted);
    return values === null ? [] : [{ arrangement, values }];
  });
  if (wanted.layout === null) return readings;
  const first = new Map<string, Reading>();
  for (const reading of readings) {
    const key = JSON.stringify(reading.values);
    if (!first.has(key)) first.set(key, reading);
  }
  return [...first.values()];
}

/** One subject for a weight and its bias, in all layers: a name with `*` for its numbers. */
export function subjectOf(name: string): string {
  return name.replace(/\.(?:weight|bias)$/, '').replace(/(^|\.)\d+(?=\.|$)/g, '$1*');
}

function leafOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

export function withClause(names: string, clause: string): string {
  if (clause === '') return names;
  return names === 'equal name' ? clause : `${names}; ${clause}`;
}

/** Another way to read values whose name and shape are those of their counterpart. */
export interface Alternative {
  /** `packed k, q, v`, `transposed`. */
  readonly label: string;
  /** The reason of the match then. */
  readonly reason: string;
  readonly values: Recipe;
}

/** Such ways: a square matrix may be transposed, the parts of a fused weight packed in another order. For values that do not agree. */
export function alternativesOf<Item extends Matchable>(match: Match<Item>, facts: CorrespondenceFacts): readonly Alternative[] {
  const { a } = match;
  const values = match.kind === 'whole' ? match.b.values : match.values;
  const isOpen = match.kind === 'whole' || (match.question === null && match.source.kind === 'direct');
  if (!isOpen || a.shape === null || values === null || !sameShape(a.shape, shapeOf(values))) return [];
  const { name: canonical, schemes } = canonicalName(unwrapName(a.name).name, () => undefined);
  const family = familyOfWhole(canonical);
  const direct: Source = { kind: 'direct', values, name: a.name, rotary: null };
  const layout = family && namedLayout(family, schemes, canonical, facts.a);
  const wanted: Wanted = { shape: a.shape, leaf: leafOf(canonical), rotary: null, layout };
  const sources = [...(family === null ? [] : [takenApart(direct, family, facts)]), ...(isSquare(a.shape) ? [direct] : [])];
  return sources.flatMap((source) =>
    readingsOf(source, wanted, layout, facts)
      .slice(1)
      .map((reading): Alternative => {
        const label = `${source.kind === 'direct' ? '' : 'packed '}${labelOf(source, reading.arrangement)}`;
        return { label, reason: withClause(match.reason, label), values: reading.values };
      }),
  );
}
