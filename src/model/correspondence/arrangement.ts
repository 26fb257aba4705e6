import { shapeOf, type Recipe } from '../recipe/index.js';
import { concatenation, part, reshaped, sameShape, stack, swappedShape, transposed } from './structure.js';

/** A weight that is stored as one tensor in some models, and in parts in others. */
export interface FusedFamily {
  readonly whole: string;
  readonly parts: readonly string[];
  /** What the parts are called in an order: `q, k, v`. */
  readonly labels: readonly string[];
}

export const families: readonly FusedFamily[] = [
  { whole: 'qkv_proj', parts: ['q_proj', 'k_proj', 'v_proj'], labels: ['q', 'k', 'v'] },
  { whole: 'gate_up_proj', parts: ['gate_proj', 'up_proj'], labels: ['gate', 'up'] },
];

/** How the parts of a fused weight lie in it. */
export interface Layout {
  /** `q, k, v`: parts by number, in the order in which they come. */
  readonly order: readonly number[];
  /** How often that order repeats: 1 for parts behind each other; `each` for row by row in turn. */
  readonly groups: number | 'each';
}

/** How a parameter's values come of another model's parameters. Plain data. */
export type Source =
  | { readonly kind: 'direct'; readonly values: Recipe; readonly name: string; readonly rotary: 'native' | 'halves' | null }
  /** One expert of stacked ones. */
  | { readonly kind: 'expert'; readonly of: Source; readonly expert: number }
  /** A part of a fused weight, by number. `shares` are the parts' relative sizes; null where the shape that is wanted says them. */
  | {
      readonly kind: 'member';
      readonly of: Source;
      readonly family: FusedFamily;
      readonly member: number;
      readonly shares: readonly number[] | null;
    }
  | { readonly kind: 'experts'; readonly of: readonly Source[] }
  | { readonly kind: 'fused'; readonly of: readonly Source[]; readonly family: FusedFamily };

/** Everything that names and shapes may leave open. */
export interface Arrangement {
  /** Of the fused weight; where both are fused, of B's. Null where nothing is. */
  readonly layout: Layout | null;
  /** Of A's fused weight where B's is fused as well. */
  readonly layoutInA: Layout | null;
  /** The stored tensors are transposed first, and the result last. */
  readonly sourceTransposed: boolean;
  readonly resultTransposed: boolean;
  /** Pairs of values that a rotation of a head turns together lie next to each other in the one, half a head apart in the other; half the size of a head. */
  readonly halfHead: number | null;
}

/** What a source is built for. */
export interface Wanted {
  readonly shape: readonly number[];
  readonly leaf: string;
  readonly rotary: 'native' | 'halves' | null;
  /** Named layout of a fused weight whose values come of another fused one; null for all others. */
  readonly layout: Layout | null;
}

/** The values in a given arrangement, where biases are never transposed; null where they do not have the shape then. */
export function arrange(source: Source, chosen: Arrangement, wanted: Wanted): Recipe | null {
  const arrangement = wanted.leaf === 'bias' ? { ...chosen, sourceTransposed: false, resultTransposed: false } : chosen;
  const values = build(source, arrangement, wanted);
  if (values === null) return null;
  const turned = convertRotary(values, wanted.rotary === 'native' ? 'to native' : null, arrangement.halfHead);
  const result = turned && (arrangement.resultTransposed ? transposed(turned) : turned);
  return result !== null && sameShape(shapeOf(result), wanted.shape) ? result : null;
}

function build(source: Source, arrangement: Arrangement, wanted: Wanted): Recipe | null {
  switch (source.kind) {
    case 'direct': {
      const stored = arrangement.sourceTransposed ? transposed(source.values) : source.values;
      return convertRotary(stored, source.rotary === 'native' ? 'to halves' : null, arrangement.halfHead);
    }
    case 'expert': {
      const all = build(source.of, arrangement, wanted);
      if (all === null) return null;
      const shape = shapeOf(all);
      return shape.length < 2 || source.expert >= shape[0]! ? null : reshaped(part(all, 0, source.expert, 1), shape.slice(1));
    }
    case 'member': {
      const whole = build(source.of, arrangement, wanted);
      return whole && memberOf(whole, source, arrangement, wanted);
    }
    case 'experts': {
      const experts = buildAll(source.of, arrangement, wanted);
      return experts && stack(experts);
    }
    case 'fused': {
      const parts = buildAll(source.of, arrangement, wanted);
      return parts && fuse(parts, arrangement.layoutInA ?? arrangement.layout ?? plainLayout(source.family), wanted);
    }
    default:
      return source satisfies never;
  }
}

function buildAll(sources: readonly Source[], arrangement: Arrangement, wanted: Wanted): Recipe[] | null {
  const built = sources.map((source) => build(source, arrangement, wanted));
  return built.every((recipe) => recipe !== null) ? built : null;
}

export function plainLayout({ parts }: FusedFamily): Layout {
  return { order: parts.map((_, number) => number), groups: 1 };
}

/** The axis along which parts lie: rows of a weight; all of a vector, or of each expert's. */
function fusedAxis(shape: readonly number[], leaf: string): number {
  return leaf === 'bias' || shape.length < 2 ? shape.length - 1 : shape.length - 2;
}

export type MemberSource = Extract<Source, { readonly kind: 'member' }>;

/** Takes the axis apart into groups, and its place of each. */
function memberOf(whole: Recipe, source: MemberSource, arrangement: Arrangement, wanted: Wanted): Recipe | null {
  const shape = shapeOf(whole);
  const axis = fusedAxis(shape, wanted.leaf);
  const sizes = axis < 0 ? null : memberSizes(source, shape[axis]!, arrangement, wanted);
  if (sizes === null) return null;
  const { member } = source;
  const { order, groups } = arrangement.layout ?? plainLayout(source.family);
  const count = groups === 'each' ? sizes[member]! : groups;
  if (count === 0 || sizes.some((size) => size % count !== 0)) return null;
  const before = order.slice(0, order.indexOf(member)).reduce((sum, other) => sum + sizes[other]! / count, 0);
  const grouped = reshaped(whole, [...shape.slice(0, axis), count, shape[axis]! / count, ...shape.slice(axis + 1)]);
  return reshaped(part(grouped, axis + 1, before, sizes[member]! / count), shape.with(axis, sizes[member]!));
}

/** Sizes of all parts along an axis: gate and up are alike, keys and values are, and queries have at least as many. */
export function memberSizes(
  { family, member, shares }: MemberSource,
  length: number,
  { resultTransposed }: Pick<Arrangement, 'resultTransposed'>,
  { shape, leaf }: Wanted,
): readonly number[] | null {
  if (shares !== null) {
    const unit = length / shares.reduce((sum, share) => sum + share, 0);
    return Number.isInteger(unit) ? shares.map((share) => share * unit) : null;
  }
  if (family.parts.length === 2) return length % 2 === 0 ? [length / 2, length / 2] : null;
  const own = leaf === 'bias' || shape.length < 2 || resultTransposed ? shape.at(-1)! : shape.at(-2)!;
  const [query, key] = member === 0 ? [own, (length - own) / 2] : [length - 2 * own, own];
  return Number.isInteger(key) && key > 0 && query >= key && query % key === 0 ? [query, key, key] : null;
}

function fuse(parts: readonly Recipe[], { order, groups }: Layout, { leaf }: Wanted): Recipe | null {
  const shapes = parts.map(shapeOf);
  const axis = fusedAxis(shapes[0]!, leaf);
  if (axis < 0 || !shapes.every((shape) => shape.length === shapes[0]!.length)) return null;
  const count = groups === 'each' ? shapes[0]![axis]! : groups;
  if (count === 0 || shapes.some((shape) => shape[axis]! % count !== 0)) return null;
  const grouped = order.map((number) => {
    const shape = shapes[number]!;
    return reshaped(parts[number]!, [...shape.slice(0, axis), count, shape[axis]! / count, ...shape.slice(axis + 1)]);
  });
  const whole = concatenation(grouped, axis + 1);
  const length = shapes.reduce((sum, shape) => sum + shape[axis]!, 0);
  return whole && reshaped(whole, shapes[0]!.with(axis, length));
}

/**
 * The checkpoints of Llama and Mistral as published have the two values that a rotation turns next to each other; Hugging Face's have
 * them half a head apart (`permute` of the conversion scripts: rows seen as [heads, half, 2], in the order [heads, 2, half]).
 */
function convertRotary(values: Recipe, direction: 'to halves' | 'to native' | null, half: number | null): Recipe | null {
  if (direction === null || half === null) return values;
  const rows = shapeOf(values)[0];
  if (rows === undefined || rows % (2 * half) !== 0) return null;
  const [first, second] = direction === 'to halves' ? [half, 2] : [2, half];
  return { kind: 'regrouped', of: values, first, second };
}

/** Whether a matrix, or each of several, is square: its shape does not say which way round it is. */
export function isSquare(shape: readonly number[]): boolean {
  return swappedShape(shape, shape) && shape.at(-1)! > 1;
}
