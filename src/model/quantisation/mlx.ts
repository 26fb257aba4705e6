import type { Tensor } from '../../checkpoint/index.js';
import { isRecord } from '../../base/json/record.js';
import { leafOf, moduleOf } from '../names/index.js';
import type { Recipe } from '../recipe/index.js';
import { isExponent, isPlainFloat, type Recogniser } from './definition.js';
import { blockwise, fp4, roundedLike, scaled, stored as storedValues, storedAs, unpackedRows } from './formula.js';
import { microscaledValues } from './microscaling.js';
import { countIn, type QuantisationStatement } from './statement.js';
import { presentParts, type StoredTensors } from './storedTensors.js';

const wordBits = 32;

/** How a module's codes are grouped. */
interface Grouping {
  readonly bits: number;
  readonly groupSize: number;
}

/** What MLX's affine mode offers. */
const affineGroupings: readonly Grouping[] = [32, 64, 128].flatMap((groupSize) => [2, 3, 4, 5, 6, 8].map((bits) => ({ bits, groupSize })));

/** Modes with a scale of their own format and no biases. Source: `mlx/ops.cpp`, `quantize`. */
const floatModes: Readonly<Record<string, Grouping>> = {
  mxfp4: { bits: 4, groupSize: 32 },
  mxfp8: { bits: 8, groupSize: 32 },
  nvfp4: { bits: 4, groupSize: 16 },
};

/**
 * MLX: `X.weight` U32 [outputs, inputs · bits ∕ 32], `X.scales` and, in the affine mode, `X.biases` [outputs, inputs ∕ group];
 * value = code · scale + bias. Embeddings are stored the same way, experts with one dimension more. `qbiases` is the name that
 * transformers gives the biases. Where no file states the grouping and the shapes allow several, the weight has no known shape.
 */
export const recogniseMlx: Recogniser = (codes, stored, statement) => {
  const scales = stored.beside(codes, 'scales');
  if (!isPacked(codes) || scales?.shape.length !== codes.shape.length) return null;
  if (codes.shape.slice(0, -1).join() !== scales.shape.slice(0, -1).join()) return null;
  const biases = stored.beside(codes, 'biases', 'qbiases');
  const parts = presentParts({ codes, scales, biases });
  if (biases === undefined) return isExponent(scales.dtype) ? floatWeight(codes, scales, parts) : null;
  if (!isPlainFloat(scales.dtype) || biases.shape.join() !== scales.shape.join()) return null;
  const grouping = statedGrouping(codes, scales, statement) ?? likelyGrouping(codes, scales, stored);
  const isPossible = affineGroupings.some((candidate) => fits(candidate, codes, scales));
  return grouping === null && !isPossible ? null : mlxWeight(codes, scales, 'MLX affine', grouping, parts);
};

function isPacked({ name, dtype, shape }: Tensor): boolean {
  return dtype === 'U32' && leafOf(name) === 'weight' && shape.length >= 2;
}

function floatWeight(codes: Tensor, scales: Tensor, parts: Record<string, Tensor>): ReturnType<Recogniser> {
  const found = Object.entries(floatModes).find(([, grouping]) => fits(grouping, codes, scales));
  return found === undefined ? null : mlxWeight(codes, scales, `MLX ${found[0]}`, found[1], parts);
}

function mlxWeight(
  { name, shape }: Tensor,
  scales: Tensor,
  coding: string,
  grouping: Grouping | null,
  parts: Record<string, Tensor>,
): ReturnType<Recogniser> {
  const bits = grouping?.bits ?? null;
  const weightShape = grouping === null ? null : [...shape.slice(0, -1), scales.shape.at(-1)! * grouping.groupSize];
  const block = grouping === null ? null : ([1, grouping.groupSize] as const);
  const recipe = grouping === null || weightShape === null ? null : mlxValues(parts, weightShape, coding, grouping);
  return { name, shape: weightShape, storage: { kind: 'codes', scheme: 'mlx', name: coding, bits, block, parts, recipe } };
}

/** What the file says of this module, else of all. */
function statedGrouping(codes: Tensor, scales: Tensor, statement: QuantisationStatement | null): Grouping | null {
  const settings = statement?.settings ?? {};
  const own = settings[moduleOf(codes.name)];
  const candidates = [isRecord(own) ? own : {}, settings].flatMap((place) => {
    const [bits, groupSize] = [countIn(place, 'bits'), countIn(place, 'group_size')];
    return bits === null || groupSize === null ? [] : [{ bits, groupSize }];
  });
  return candidates.find((grouping) => fits(grouping, codes, scales)) ?? null;
}

/** Whether a row has as many codes as its scales stand for. */
function fits({ bits, groupSize }: Grouping, codes: Tensor, scales: Tensor): boolean {
  return codes.shape.at(-1)! * wordBits === scales.shape.at(-1)! * groupSize * bits;
}

const likely = new WeakMap<StoredTensors, Map<number, Grouping | null>>();

/**
 * Packing leaves `bits · group` known only. Most columns of a model are its hidden size, which is the length of its norms, so the
 * grouping is the one by which most columns are the length of some vector; null when two are equally good.
 */
function likelyGrouping(codes: Tensor, scales: Tensor, stored: StoredTensors): Grouping | null {
  const known = likely.get(stored) ?? new Map<number, Grouping | null>();
  likely.set(stored, known);
  const bitsPerScale = (codes.shape.at(-1)! * wordBits) / scales.shape.at(-1)!;
  if (!known.has(bitsPerScale)) known.set(bitsPerScale, bestGrouping(bitsPerScale, stored));
  return known.get(bitsPerScale)!;
}

function bestGrouping(bitsPerScale: number, stored: StoredTensors): Grouping | null {
  const tensors = [...stored.all()];
  const lengths = new Set(tensors.flatMap(({ shape }) => (shape.length === 1 ? shape : [])));
  const scaleCounts = tensors.filter(isPacked).flatMap((tensor) => stored.beside(tensor, 'scales')?.shape.at(-1) ?? []);
  const [first, second] = affineGroupings
    .filter(({ bits, groupSize }) => bits * groupSize === bitsPerScale)
    .map((grouping) => ({ grouping, count: scaleCounts.filter((count) => lengths.has(count * grouping.groupSize)).length }))
    .sort((one, other) => other.count - one.count);
  return first === undefined || first.count === (second?.count ?? 0) ? null : first.grouping;
}

/** `code · scale + bias`, or a number of few bits times its scale. */
function mlxValues(
  { codes, scales, biases }: Record<string, Tensor>,
  shape: readonly number[],
  coding: string,
  { bits, groupSize }: Grouping,
): Recipe | null {
  if (codes === undefined || scales === undefined) return null;
  if (biases !== undefined) {
    const values = scaled(unpackedRows(codes, shape, bits), storedValues(scales), [1, groupSize]);
    return roundedLike(blockwise('add', values, storedValues(biases), [1, groupSize]), scales);
  }
  if (coding === 'MLX nvfp4')
    return roundedLike(scaled(fp4(codes, shape), storedAs(scales, 'F8_E4M3', scales.shape), [1, groupSize]), scales);
  return microscaledValues(bits === 4 ? fp4(codes, shape) : storedAs(codes, 'F8_E4M3', shape), scales);
}
