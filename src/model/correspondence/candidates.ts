import { plainLayout, type Arrangement, type FusedFamily, type Layout, type Source, type Wanted } from './arrangement.js';
import type { HeadFacts } from './correspondence.js';
import { familyOf } from './findSource.js';
import { groupedSchemes } from './schemes.js';

export const plainArrangement: Arrangement = {
  layout: null,
  layoutInA: null,
  sourceTransposed: false,
  resultTransposed: false,
  halfHead: null,
};

/** What both sides' settings say. */
interface Facts {
  readonly a: HeadFacts;
  readonly b: HeadFacts;
}

/** Half sizes of heads that are tried where no settings say the size. */
const usualHalfHeads = [32, 40, 48, 64, 128];

/** How the parts of a fused weight lie, as its scheme and its model's settings say. */
export function namedLayout(family: FusedFamily, schemes: readonly string[], canonical: string, facts: HeadFacts): Layout {
  const plain = plainLayout(family);
  if (family.whole === 'gate_up_proj') {
    const isInTurn = facts.modelType === 'gpt_oss' && canonical.includes('experts.');
    return isInTurn ? { ...plain, groups: 'each' } : plain;
  }
  const isGrouped = schemes.some((scheme) => groupedSchemes.has(scheme)) && !canonical.includes('encoder.layers.');
  return isGrouped && facts.keyValueHeads !== null ? { ...plain, groups: facts.keyValueHeads } : plain;
}

/** All ways in which a source's values may lie, what names say first. */
export function arrangementsOf(source: Source, wanted: Wanted, named: Layout | null, facts: Facts): readonly Arrangement[] {
  const family = familyOf(source);
  const layouts = family === null ? [{ layout: null, layoutInA: null }] : layoutPairs(family, named ?? plainLayout(family), wanted, facts);
  const halves = halfHeads(source, wanted, facts);
  return layouts.flatMap((pair) =>
    halves.flatMap((halfHead) => turnsOf(source, wanted).map((turn): Arrangement => ({ ...pair, halfHead, ...turn }))),
  );
}

type LayoutPair = Pick<Arrangement, 'layout' | 'layoutInA'>;

/** Where both are fused, either may be laid out otherwise than its name says. */
function layoutPairs(family: FusedFamily, named: Layout, { layout: namedInA }: Wanted, facts: Facts): readonly LayoutPair[] {
  const ofB = layoutsOf(family, named, facts).map((layout): LayoutPair => ({ layout, layoutInA: namedInA }));
  if (namedInA === null) return ofB;
  return [
    ...ofB,
    ...layoutsOf(family, namedInA, facts)
      .slice(1)
      .map((layoutInA): LayoutPair => ({ layout: named, layoutInA })),
  ];
}

type Turn = Pick<Arrangement, 'sourceTransposed' | 'resultTransposed'>;

function turnsOf(source: Source, { shape, leaf }: Wanted): readonly Turn[] {
  const plain = { sourceTransposed: false, resultTransposed: false };
  if (shape.length < 2 || leaf === 'bias') return [plain];
  const turned = { ...plain, sourceTransposed: true };
  if (familyOf(source) === null) return [plain, turned];
  return [plain, turned, { ...plain, resultTransposed: true }, { sourceTransposed: true, resultTransposed: true }];
}

function layoutsOf(family: FusedFamily, named: Layout, facts: Facts): readonly Layout[] {
  const plain = plainLayout(family);
  const orders = permutations(plain.order).map((order): Layout => ({ order, groups: 1 }));
  const heads = [facts.a.keyValueHeads, facts.b.keyValueHeads].flatMap((count) => (count !== null && count > 1 ? [count] : []));
  const grouped: readonly Layout[] =
    family.parts.length === 2 ? [{ ...plain, groups: 'each' }] : heads.map((groups) => ({ ...plain, groups }));
  const all = [named, ...orders, ...grouped];
  return [...new Map(all.map((layout) => [JSON.stringify([layout.order, layout.groups]), layout])).values()];
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

/** Null, alone, where both sides rotate alike; else what the convention says first, and that nothing is to be done. */
function halfHeads(source: Source, wanted: Wanted, { a, b }: Facts): readonly (number | null)[] {
  const sides = new Set([...rotariesOf(source), wanted.rotary].filter((rotary) => rotary !== null));
  const isConverted = sides.has('native') && (sides.has('halves') || familyOf(source) !== null);
  if (!isConverted) return [null];
  const half = (a.headSize ?? b.headSize ?? 0) / 2;
  return Number.isInteger(half) && half > 1 ? [half, null] : [...usualHalfHeads, null];
}

function rotariesOf(source: Source): readonly ('native' | 'halves' | null)[] {
  switch (source.kind) {
    case 'direct':
      return [source.rotary];
    case 'expert':
    case 'member':
      return rotariesOf(source.of);
    case 'experts':
      return [];
    case 'fused':
      return source.of.flatMap(rotariesOf);
    default:
      return source satisfies never;
  }
}

/** What tells an arrangement from the others, for people. */
export function labelOf(source: Source, { layout, layoutInA, sourceTransposed, resultTransposed, halfHead }: Arrangement): string {
  const family = familyOf(source);
  const inA = family === null || layoutInA === null ? '' : ` for ${describeLayout(family, layoutInA)} of A`;
  const order = family === null || layout === null ? [] : [`${describeLayout(family, layout)}${inA}`];
  const rotary = halfHead === null ? [] : [`rows of heads of ${2 * halfHead} permuted`];
  const turns = [
    ...(sourceTransposed ? ['transposed'] : []),
    ...(resultTransposed ? [family === null ? 'transposed' : 'the whole transposed'] : []),
  ];
  const clauses = [...order, ...rotary, ...turns];
  return clauses.length === 0 ? 'as stored' : clauses.join(', ');
}

/** `q, k, v`; `gate and up row by row`; `q, k, v for each of 8 heads`. */
export function describeLayout({ labels }: FusedFamily, { order, groups }: Layout): string {
  const names = order.map((number) => labels[number]!);
  if (groups === 'each') return `${names.join(' and ')} row by row`;
  return groups === 1 ? names.join(', ') : `${names.join(', ')} for each of ${groups} heads`;
}
