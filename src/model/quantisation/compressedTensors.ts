import type { Tensor } from '../../checkpoint/index.js';
import type { JsonObject } from '../../base/json/readJson.js';
import { isRecord } from '../../base/json/record.js';
import { leafOf, memberOf, moduleOf } from '../names/index.js';
import type { Recipe } from '../recipe/index.js';
import { isExponent, isFloat8, isPlainFloat, type Recogniser } from './definition.js';
import {
  blockwise,
  fp4,
  gathered,
  roundedLike,
  scaled,
  shifted,
  stored as storedValues,
  transposed,
  unpackedColumns,
  unpackedRows,
} from './formula.js';
import { fp8Values } from './fp8.js';
import { microscaledValues } from './microscaling.js';
import { nvfp4Values } from './nvfp4.js';
import { product, scaleBlock } from './scaleBlock.js';
import type { CodedWeight, ScaleBlock } from './scheme.js';
import { countIn, type QuantisationStatement } from './statement.js';
import { presentParts, type StoredTensors } from './storedTensors.js';

const packedSuffix = 'weight_packed';
const wordBits = 32;

/**
 * The formats of compressed-tensors (LLM Compressor, vLLM). Which one a weight has shows in its tensors; `config_groups`
 * adds what they leave open. Integers with a scale under its names are taken for its own where no file says otherwise. Source: `compressed_tensors/compressors`.
 */
export const recogniseCompressedTensors: Recogniser = (codes, stored, statement) => {
  if (leafOf(codes.name) === packedSuffix) return recognisePacked(codes, stored, statement);
  const isStated = statement?.method === 'compressed-tensors' || (statement === null && codes.dtype === 'I8');
  return isStated ? recogniseQuantized(codes, stored, statement) : null;
};

/** Codes of 8 bits that keep the weight's name and shape: `int-quantized`, `float-quantized`, `naive-quantized`, `mxfp8-quantized`. */
function recogniseQuantized(codes: Tensor, stored: StoredTensors, statement: QuantisationStatement | null): CodedWeight | null {
  const scales = stored.get(`${codes.name}_scale`);
  const isFloat = isFloat8(codes.dtype);
  if (scales === undefined || (!isFloat && codes.dtype !== 'I8')) return null;
  const isMx = isExponent(scales.dtype);
  const block = scaleBlock(codes.shape, scales.shape, statedBlock(statement));
  if (block === null || !(isPlainFloat(scales.dtype) || (isMx && isFloat))) return null;
  const parts = presentParts({ codes, scales, ...commonParts(codes, stored) });
  const name = isMx ? 'mxfp8-quantized' : isFloat ? 'float-quantized' : 'int-quantized';
  const recipe = isMx ? microscaledValues(storedValues(codes), scales) : eightBitValues(codes, scales, block, parts['zeros']);
  return weight({ name: codes.name, shape: codes.shape }, name, 8, block, parts, recipe);
}

function recognisePacked(codes: Tensor, stored: StoredTensors, statement: QuantisationStatement | null): CodedWeight | null {
  const scales = stored.beside(codes, 'weight_scale');
  if (scales === undefined || codes.shape.length < 2) return null;
  if (codes.dtype === 'I32') return recogniseIntegers(codes, scales, stored, statement);
  return codes.dtype === 'U8' ? recogniseFloat4(codes, scales, stored) : null;
}

/** `pack-quantized`: integers of 1 to 8 bits in words of 32, along the inputs; `weight_shape` says how many there are. */
function recogniseIntegers(
  codes: Tensor,
  scales: Tensor,
  stored: StoredTensors,
  statement: QuantisationStatement | null,
): CodedWeight | null {
  const lead = codes.shape.slice(0, -1);
  const words = codes.shape.at(-1)!;
  const shapeTensor = stored.beside(codes, 'weight_shape');
  const stated = shapeTensor === undefined ? null : integersIn(stored.contentOf(shapeTensor), shapeTensor);
  const bits = packedBits(words, stated, statement);
  const columns = stated?.at(-1) ?? (bits === null ? null : Math.floor((words * wordBits) / bits));
  if (bits === null || columns === null) return null;
  const shape = [...lead, columns];
  const fits = Math.ceil((columns * bits) / wordBits) === words && (stated === null || product(stated) === product(shape));
  const block = scaleBlock(shape, scales.shape, statedBlock(statement));
  if (!fits || block === null) return null;
  const groupIndex = stored.beside(codes, 'weight_g_idx');
  const parts = presentParts({ codes, scales, shape: shapeTensor, groupIndex, ...commonParts(codes, stored) });
  return weight({ name: weightName(codes), shape }, 'pack-quantized', bits, block, parts, packedValues(parts, shape, bits, block));
}

function packedBits(words: number, stated: readonly number[] | null, statement: QuantisationStatement | null): number | null {
  const widths = statedWidths(statement);
  const columns = stated?.at(-1);
  if (columns === undefined) return widths.length === 1 ? widths[0]! : null;
  const candidates = [...new Set([...widths, 4, 8, 2, 3, 5, 6, 7, 1])];
  return candidates.find((bits) => Math.ceil((columns * bits) / wordBits) === words) ?? null;
}

/** `num_bits` of the weights of each group in `config_groups`, without repetition. */
function statedWidths(statement: QuantisationStatement | null): number[] {
  return [...new Set(weightSettings(statement).flatMap((settings) => countIn(settings, 'num_bits') ?? []))];
}

/** The block of `config_groups`, where all groups have one: a size by rows and columns, or a group of a row. */
function statedBlock(statement: QuantisationStatement | null): readonly [number, number] | null {
  const blocks = weightSettings(statement).map((settings) => {
    const [rows, columns] = Array.isArray(settings['block_structure']) ? (settings['block_structure'] as unknown[]) : [];
    const groupSize = countIn(settings, 'group_size');
    if (typeof rows === 'number' && typeof columns === 'number') return [rows, columns] as const;
    return groupSize === null ? null : ([1, groupSize] as const);
  });
  return new Set(blocks.map(String)).size === 1 ? blocks[0]! : null;
}

function weightSettings(statement: QuantisationStatement | null): JsonObject[] {
  const groups = statement?.settings['config_groups'];
  return Object.values(isRecord(groups) ? groups : {}).flatMap((group) =>
    isRecord(group) && isRecord(group['weights']) ? [group['weights']] : [],
  );
}

/** `nvfp4-pack-quantized` has a global scale, which divides; `mxfp4-pack-quantized` and `mxfp6-…` have exponents. */
function recogniseFloat4(codes: Tensor, scales: Tensor, stored: StoredTensors): CodedWeight | null {
  const lead = codes.shape.slice(0, -1);
  const globalScale = stored.beside(codes, 'weight_global_scale');
  const isNv = scales.dtype === 'F8_E4M3' && globalScale !== undefined;
  if (!isNv && !isExponent(scales.dtype)) return null;
  const groupSize = isNv ? 16 : 32;
  const bits = [4, 6].find((width) => Math.ceil((codes.shape.at(-1)! * 8) / width / groupSize) === scales.shape.at(-1));
  if (bits === undefined || lead.join() !== scales.shape.slice(0, -1).join()) return null;
  const name = isNv ? 'nvfp4-pack-quantized' : `mxfp${bits}-pack-quantized`;
  const parts = presentParts({ codes, scales, globalScale, ...commonParts(codes, stored) });
  const shape = [...lead, Math.floor((codes.shape.at(-1)! * 8) / bits)];
  const recipe = bits === 4 ? float4Values(codes, shape, scales, isNv ? globalScale : undefined) : null;
  return weight({ name: weightName(codes), shape }, name, bits, [1, groupSize], parts, recipe);
}

/** What several formats may have beside their codes. */
function commonParts(codes: Tensor, stored: StoredTensors): Record<string, Tensor | undefined> {
  return {
    zeros: stored.beside(codes, 'weight_zero_point'),
    inputScale: stored.beside(codes, 'input_scale'),
    inputZeros: stored.beside(codes, 'input_zero_point'),
    inputGlobalScale: stored.beside(codes, 'input_global_scale'),
  };
}

function weightName({ name }: Tensor): string {
  return memberOf(moduleOf(name), 'weight');
}

function weight(
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  format: string,
  bits: number,
  block: ScaleBlock,
  parts: Record<string, Tensor>,
  recipe: Recipe | null,
): CodedWeight {
  const coding = { scheme: 'compressed-tensors', name: `compressed-tensors ${format}`, bits, block } as const;
  return { name, shape, storage: { kind: 'codes', ...coding, parts, recipe } };
}

/** Little-endian integers of a small tensor; null when they were not read or are no sizes. */
function integersIn(content: Uint8Array | null, { dtype, elementCount }: Tensor): number[] | null {
  if (content === null || (dtype !== 'I64' && dtype !== 'I32')) return null;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const sizes = Array.from({ length: elementCount }, (_, index) =>
    dtype === 'I64' ? Number(view.getBigInt64(8 * index, true)) : view.getInt32(4 * index, true),
  );
  return sizes.every((size) => Number.isSafeInteger(size) && size > 0) ? sizes : null;
}

/** Whether a tensor says the shape of a packed weight: its few bytes are read when the model is opened. */
export function isPackedShape({ name, elementCount }: Tensor): boolean {
  return elementCount <= 4 && leafOf(name) === 'weight_shape';
}

function float4Values(codes: Tensor, shape: readonly number[], scales: Tensor, globalScale: Tensor | undefined): Recipe {
  if (globalScale !== undefined) return nvfp4Values(codes, shape, scales, globalScale, 'divide');
  return microscaledValues(fp4(codes, shape), scales);
}

/** `(code − zero) · scale`. Source: `dequantize` in `compressed_tensors/quantization/lifecycle/forward.py`. */
function eightBitValues(codes: Tensor, scales: Tensor, block: ScaleBlock, zeros: Tensor | undefined): Recipe | null {
  if (zeros === undefined || isFloat8(codes.dtype)) return fp8Values(codes, scales, block);
  if (zeros.elementCount !== scales.elementCount) return null;
  return roundedLike(scaled(blockwise('subtract', storedValues(codes), storedValues(zeros), block), storedValues(scales), block), scales);
}

/** Widths whose codes fill a word: others are laid out differently by different versions. */
const packedWidths = [1, 2, 4, 8];

/** `(code − zero) · scale`; codes are stored with an offset, and zero points too, packed down the rows. */
function packedValues(parts: Record<string, Tensor>, shape: readonly number[], bits: number, block: ScaleBlock): Recipe | null {
  const { codes, scales, zeros, groupIndex } = parts;
  if (!packedWidths.includes(bits) || codes === undefined || scales === undefined) return null;
  const offset = -(2 ** (bits - 1));
  const values = shifted(unpackedRows(codes, shape, bits), offset);
  const points = zeros === undefined ? null : zeroPoints(zeros, scales, bits, offset);
  if (zeros !== undefined && points === null) return null;
  const perColumn = (groups: Recipe): Recipe => (groupIndex === undefined ? groups : transposed(gathered(groupIndex)(transposed(groups))));
  const blocks: ScaleBlock = groupIndex === undefined ? block : [1, 1];
  const centred = points === null ? values : blockwise('subtract', values, perColumn(points), blocks);
  return roundedLike(scaled(centred, perColumn(storedValues(scales)), blocks), scales);
}

function zeroPoints(zeros: Tensor, scales: Tensor, bits: number, offset: number): Recipe | null {
  if (zeros.elementCount === scales.elementCount && zeros.dtype !== 'I32') return storedValues(zeros);
  const rows = scales.shape[0] ?? 0;
  const isPacked = scales.shape.length === 2 && zeros.shape.join() === [Math.ceil((rows * bits) / wordBits), scales.shape[1]].join();
  return isPacked && zeros.dtype === 'I32' ? shifted(unpackedColumns(zeros, scales.shape, bits), offset) : null;
}
