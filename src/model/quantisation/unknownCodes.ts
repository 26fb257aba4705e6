import { kindOf, type Tensor } from '../../checkpoint/index.js';
import { isComputedName, leafOf, memberOf, moduleOf } from '../names/index.js';
import { isFloat8, isPlainFloat } from './definition.js';
import type { CodedWeight } from './scheme.js';
import type { QuantisationStatement } from './statement.js';
import type { StoredTensors } from './storedTensors.js';

/** Names of integers that stand for a weight, whatever else is there. */
const codeLeaf = /^(?:q?weight\w*|w_q|kernel|.*_(?:weight|weights|packed|blocks|qdata)|_data|qidxs|trellis)$/i;
/** Names of what stands beside codes: scales, zero points, tables, permutations, sizes. */
const partLeaf =
  /scale|zero|absmax|codebook|centroid|quant|g_idx|perm|shift|suh|svh|scb|lut|meta|shape|biases|offset|compressed|group|tables|hadamard|row_|col_|nbits|axis|^(?:s|su|sv|mcg|mul1|workspace|mean|std|weight_bias)$/i;
/** Modules below a quantised one that hold its tables (VPTQ). */
const partModules = ['centroids', 'res_centroids', 'outlier_centroids', 'meta'];
/** Scales that only a quantised weight has: one of these without codes beside it is half a layout. */
const weightScale = /(?:weight_scale(?:_inv|_2)?|weight_global_scale|scale_weight|qzeros|_scale_inv|\.absmax|\.SCB)$/;
/** Integers that models have without being quantised: counters, positions, tables of indices, masks. */
const plainInteger = /(?:^|[._])(?:position|index|indices|idxs?|ids?|mask|tracked|steps?|count(?:er)?|version|epoch)(?:_|$)|2eid$/i;
/** Scales of activations say nothing of weights. */
const activation =
  /(?:^|[._])(?:(?:input|output|act|activation)(?:_global)?_(?:scale|zero_point|scale_ub)|scale_input|pre_quant_scale|scaled_fp8)$/;
/** Nor do those of the attention's cache. One number each: as vectors, models learn them. */
const cache = /(?:^|[._])(?:k|v|q|kv|prob_output)_scale$/;

/** Names of methods as their authors write them. Others are given as the file has them. */
const spellings: Readonly<Record<string, string>> = {
  aqlm: 'AQLM',
  'auto-round': 'AutoRound',
  bitnet: 'BitNet',
  eetq: 'EETQ',
  exl2: 'EXL2',
  exl3: 'EXL3',
  'fp-quant': 'FP-Quant',
  higgs: 'HIGGS',
  hqq: 'HQQ',
  modelopt: 'ModelOpt',
  quanto: 'Quanto',
  quark: 'Quark',
  sinq: 'SINQ',
  spqr: 'SpQR',
  vptq: 'VPTQ',
};

/** Methods whose layouts have a file of their own here: what of them is not recognised is damaged or new. */
const decoded: ReadonlySet<string> = new Set(['fp8', 'fbgemm-fp8', 'mxfp4', 'gptq', 'awq', 'bitsandbytes', 'compressed-tensors', 'mlx']);

/** What tells codes from plain values. */
interface Evidence {
  readonly stored: StoredTensors;
  readonly statement: QuantisationStatement | null;
  /** Whether other weights of the model are coded. */
  readonly isCoded: boolean;
}

interface Search {
  readonly stored: StoredTensors;
  readonly statement: QuantisationStatement | null;
  readonly codes: ReadonlySet<Tensor>;
}

/**
 * Weights of a scheme that this tool does not know, or of which a part is missing: whatever is left that cannot be plain weights.
 * To be wrong in this direction costs a comparison; in the other, it would give wrong numbers.
 */
export function collectUnknownCodes(stored: StoredTensors, statement: QuantisationStatement | null, isCoded: boolean): CodedWeight[] {
  const marker = stored.get('scaled_fp8'); // by which ComfyUI marks files whose FP8 weights have scales
  const evidence = { stored, statement, isCoded: isCoded || marker !== undefined };
  const free = [...stored.all()].filter((tensor) => !isActivationScale(tensor));
  const search: Search = { stored, statement, codes: new Set(free.filter((tensor) => areCodes(tensor, evidence))) };
  const weights: CodedWeight[] = [];
  for (const tensor of free) {
    if (stored.get(tensor.name) === undefined) continue;
    const weight = search.codes.has(tensor) ? weightAt(tensor, search) : strayScales(tensor, search);
    if (weight === null) continue;
    stored.take(Object.values(weight.storage.parts));
    weights.push(weight);
  }
  return weights;
}

/** Whether a tensor scales activations: a number that calibration found, no parameter. */
export function isActivationScale({ name, shape }: Pick<Tensor, 'name' | 'shape'>): boolean {
  return (activation.test(name) && shape.length <= 1) || (cache.test(name) && shape.every((size) => size === 1));
}

function areCodes(tensor: Tensor, { stored, statement, isCoded }: Evidence): boolean {
  const { name, dtype, shape } = tensor;
  const leaf = leafOf(name);
  if (dtype === 'F4' || dtype.startsWith('F6_')) return true;
  if (isFloat8(dtype)) return !partLeaf.test(leaf) && (isCoded || statement !== null || hasScales(tensor, stored));
  if (kindOf(dtype) !== 'integer' || shape.length === 0 || isComputedName(name, shape) || hasPlainWeight(tensor, stored)) return false;
  if (partLeaf.test(leaf)) return false;
  if (codeLeaf.test(leaf) && (shape.length > 1 || statement !== null)) return true;
  if (stored.membersOf(memberOf(moduleOf(name), 'centroids')).length > 0) return true;
  if (statement !== null && !decoded.has(statement.method)) return !plainInteger.test(leaf) || leaf.includes('indices');
  return !plainInteger.test(leaf) && hasScales(tensor, stored);
}

/** A module whose weight is plain is not quantised, whatever integers it has. */
function hasPlainWeight(tensor: Tensor, stored: StoredTensors): boolean {
  const weight = stored.beside(tensor, 'weight', 'kernel');
  return weight !== undefined && isPlainFloat(weight.dtype) && weight.shape.length > 1;
}

function hasScales(tensor: Tensor, stored: StoredTensors): boolean {
  const beside = [...ownParts(tensor, stored), ...moduleMembers(tensor, stored)];
  return beside.some((other) => partLeaf.test(leafOf(other.name)) && !isActivationScale(other));
}

/** Tensors called like this one and something more: `X.weight.absmax`, `X.weight_scale`. */
function ownParts({ name }: Tensor, stored: StoredTensors): Tensor[] {
  const beside = stored.membersOf(moduleOf(name)).filter((other) => other.name.startsWith(`${name}_`) && partLeaf.test(other.name));
  return [...beside, ...stored.membersOf(name)];
}

/** The other tensors of a tensor's module. The root is no module: what lies there need not belong together. */
function moduleMembers(tensor: Tensor, stored: StoredTensors): Tensor[] {
  const module = moduleOf(tensor.name);
  return module === '' ? [] : stored.membersOf(module).filter((member) => member !== tensor);
}

/** The weight whose codes a tensor holds. Codes with a name of their own belong to the weight of their module. */
function weightAt(codes: Tensor, search: Search): CodedWeight {
  const own = ownParts(codes, search.stored);
  const module = moduleOf(codes.name);
  const isWeight = leafOf(codes.name) === 'weight';
  if (module === '' || (own.length > 0 && !isWeight)) return unknownWeight(codes.name, codes, own, search);
  const members = moduleMembers(codes, search.stored).filter((member) => belongsToCodes(member, search));
  const tables = partModules.flatMap((name) => search.stored.membersOf(memberOf(module, name)));
  const parts = [...new Set([...own, ...members, ...tables])];
  return unknownWeight(isWeight ? codes.name : weightIn(module), codes, parts, search);
}

/** A file that states a method leaves nothing of a quantised module plain but its bias. */
function belongsToCodes(member: Tensor, { statement, codes }: Search): boolean {
  const leaf = leafOf(member.name);
  if (leaf === 'bias' || (isPlainFloat(member.dtype) && leaf === 'weight') || isActivationScale(member)) return false;
  return partLeaf.test(leaf) || statement !== null || codes.has(member);
}

/**
 * Scales whose codes are missing, or that lie beside a weight of a plain dtype: it may hold codes that were converted without them.
 * compressed-tensors states `dense` where weights were trained for quantisation and are real.
 */
function strayScales(scales: Tensor, search: Search): CodedWeight | null {
  const isScale = scales.dtype === 'F8_E8M0' || weightScale.test(scales.name);
  if (!isScale || search.statement?.settings['format'] === 'dense') return null;
  const name = scaledWeight(scales.name);
  const others = search.stored
    .membersOf(moduleOf(scales.name))
    .filter((other) => other !== scales && weightScale.test(other.name) && scaledWeight(other.name) === name);
  const parts = [...new Set([search.stored.get(name) ?? scales, scales, ...others])];
  return unknownWeight(name, parts[0]!, parts.slice(1), search);
}

/** The weight that a scale's name speaks of. */
function scaledWeight(name: string): string {
  const shorter = name.replace(/_scale(?:_inv|_2)?$|_global_scale$|\.absmax$/, '');
  return shorter === name && weightScale.test(name) ? weightIn(moduleOf(name)) : shorter;
}

function weightIn(module: string): string {
  return leafOf(module) === 'weight' ? module : memberOf(module, 'weight');
}

function unknownWeight(name: string, codes: Tensor, others: readonly Tensor[], { statement }: Search): CodedWeight {
  const method = statement?.method ?? '';
  const isNamed = method !== '' && !decoded.has(method);
  const parts = Object.fromEntries([['codes', codes], ...others.map((tensor) => [tensor.name, tensor] as const)]);
  const coding = isNamed
    ? ({ scheme: 'stated', name: spellings[method] ?? method } as const)
    : ({ scheme: 'unknown', name: 'codes of an unknown scheme' } as const);
  return { name, shape: null, storage: { kind: 'codes', ...coding, bits: null, block: null, parts, recipe: null } };
}
