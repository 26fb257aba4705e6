import { shapeOf } from '../recipe/index.js';
import { memberSizes, plainLayout, type Arrangement, type Layout, type MemberSource, type Source, type Wanted } from './arrangement.js';
import { describeLayout } from './candidates.js';

/** Where values lie, for people: `rows 0..4095 of qkv_proj`, `expert 3 of gate_up_proj`, `transposed`. Empty where they lie alone. */
export function describeSource(source: Source, arrangement: Arrangement, wanted: Wanted): string {
  const place = source.kind === 'direct' ? '' : placeOf(source, arrangement, wanted);
  const isTurned = arrangement.sourceTransposed !== arrangement.resultTransposed;
  const clauses = [
    ...(place === '' ? [] : [place]),
    ...(arrangement.halfHead === null ? [] : [`rows of heads of ${2 * arrangement.halfHead} permuted`]),
    ...(isTurned ? ['transposed'] : []),
  ];
  return clauses.join('; ');
}

function placeOf(source: Source, arrangement: Arrangement, wanted: Wanted): string {
  switch (source.kind) {
    case 'direct':
      return shortName(source.name);
    case 'expert':
      return `expert ${source.expert} of ${placeOf(source.of, arrangement, wanted)}`;
    case 'member': {
      const layout = arrangement.layout ?? plainLayout(source.family);
      const rows = layout.groups === 1 ? rowsOf(source, layout, arrangement, wanted) : null;
      const part = rows ?? source.family.labels[source.member]!;
      const packed = layout.groups === 1 && isPlain(layout) ? '' : ` (packed ${describeLayout(source.family, layout)})`;
      return `${part} of ${placeOf(source.of, arrangement, wanted)}${packed}`;
    }
    case 'experts':
      return `${source.of.length} experts in one`;
    case 'fused': {
      const { layout, layoutInA } = arrangement;
      if (layoutInA !== null && layout !== null) {
        return `packed ${describeLayout(source.family, layout)}, in A ${describeLayout(source.family, layoutInA)}`;
      }
      return `${describeLayout(source.family, layout ?? plainLayout(source.family))} in one`;
    }
    default:
      return source satisfies never;
  }
}

function isPlain({ order }: Layout): boolean {
  return order.every((number, place) => number === place);
}

/** `rows 0..4095`; null where the axis is not known. */
function rowsOf(source: MemberSource, { order }: Layout, arrangement: Arrangement, wanted: Wanted): string | null {
  if (source.of.kind !== 'direct') return null;
  const shape = shapeOf(source.of.values);
  const isVector = wanted.leaf === 'bias' || shape.length < 2;
  const length = isVector || arrangement.sourceTransposed ? shape.at(-1)! : shape.at(-2)!;
  const sizes = memberSizes(source, length, arrangement, wanted);
  if (sizes === null) return null;
  const first = order.slice(0, order.indexOf(source.member)).reduce((sum, other) => sum + sizes[other]!, 0);
  return `rows ${first}..${first + sizes[source.member]! - 1}`;
}

/** `qkv_proj` of a weight, `qkv_proj.bias` of a bias. */
function shortName(name: string): string {
  const segments = name.split('.');
  const isLeaf = segments.length > 1 && (segments.at(-1) === 'weight' || segments.at(-1) === 'bias');
  if (!isLeaf) return segments.at(-1)!;
  return segments.at(-1) === 'bias' ? segments.slice(-2).join('.') : segments.at(-2)!;
}
