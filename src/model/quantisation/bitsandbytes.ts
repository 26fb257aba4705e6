import type { Tensor } from '../../checkpoint/index.js';
import { isRecord, parseJsonText } from '../../base/json/record.js';
import type { JsonObject } from '../../base/json/readJson.js';
import type { Recipe, RoundedDtype } from '../recipe/index.js';
import type { Recogniser } from './definition.js';
import { blockwise, reshaped, roundedLike, scaled, shifted, stored as storedValues, unpackedRows } from './formula.js';
import { product } from './scaleBlock.js';
import type { CodedWeight } from './scheme.js';
import { presentParts, type StoredTensors } from './storedTensors.js';

/** Names of the tensor that describes a 4-bit weight in JSON, by the kind of its codes. */
const stateSuffixes = ['nf4', 'fp4'].map((kind) => ({ kind, suffix: `.quant_state.bitsandbytes__${kind}` }));

/** Whether a tensor describes a 4-bit weight: its few bytes are read when the model is opened. */
export function isQuantState(name: string): boolean {
  return stateSuffixes.some(({ suffix }) => name.endsWith(suffix));
}

/** The weight that a quant state describes. */
export function describedWeight(name: string): string {
  return name.slice(0, name.lastIndexOf('.quant_state.'));
}

/**
 * bitsandbytes in 8 bits: `X.weight` I8 [outputs, inputs] and `X.SCB`, the largest magnitude of each row;
 * value = code · SCB ∕ 127. Source: `Linear8bitLt` in bitsandbytes.
 */
export const recogniseInt8: Recogniser = (codes, stored) => {
  const scales = stored.beside(codes, 'SCB');
  if (codes.dtype !== 'I8' || codes.shape.length !== 2 || scales === undefined || scales.elementCount !== codes.shape[0]) return null;
  const parts = presentParts({ codes, scales, format: stored.beside(codes, 'weight_format') });
  return {
    name: codes.name,
    shape: codes.shape,
    storage: {
      kind: 'codes',
      scheme: 'bitsandbytes',
      name: 'bitsandbytes int8',
      bits: 8,
      block: [1, null],
      parts,
      recipe: int8Values(codes, scales),
    },
  };
};

/**
 * bitsandbytes in 4 bits: two codes a byte in any storage dtype, `.absmax` for each block of 64 values of the flattened weight
 * (quantised itself when nested), `.quant_map`, and a JSON text that says the kind and the shape.
 * Source: `QuantState.as_dict` in bitsandbytes.
 */
export const recognise4Bit: Recogniser = (codes, stored) => {
  const absmax = stored.get(`${codes.name}.absmax`);
  const described = stateSuffixes
    .map(({ kind, suffix }) => ({ kind, state: stored.get(`${codes.name}${suffix}`) }))
    .find(({ state }) => state !== undefined);
  if (absmax === undefined || described?.state === undefined) return null;
  const { kind, state } = described;
  const parts = presentParts({
    codes,
    absmax,
    map: stored.get(`${codes.name}.quant_map`),
    nestedAbsmax: stored.get(`${codes.name}.nested_absmax`),
    nestedMap: stored.get(`${codes.name}.nested_quant_map`),
    state,
  });
  return fourBitWeight(codes, readState(stored, state), kind, parts);
};

function int8Values(codes: Tensor, scales: Tensor): Recipe {
  const values = scaled(storedValues(codes), storedValues(scales), [1, null]);
  return roundedLike({ kind: 'affine', of: values, scale: 1 / 127, shift: 0 }, scales);
}

function fourBitWeight(codes: Tensor, state: QuantState | null, kind: string, parts: Record<string, Tensor>): CodedWeight | null {
  const shape = state?.shape ?? null;
  if (shape !== null && Math.ceil(product(shape) / 2) !== codes.byteLength) return null;
  const recipe = state === null ? null : fourBitValues(codes, state, parts);
  return {
    name: codes.name,
    shape,
    storage: { kind: 'codes', scheme: 'bitsandbytes', name: `bitsandbytes ${kind}`, bits: 4, block: null, parts, recipe },
  };
}

/** `map[code] · absmax` of the block of the flattened weight, rounded to the dtype that the state names; the high half of a byte comes first. */
function fourBitValues(codes: Tensor, { shape, blockSize, dtype, nested }: QuantState, parts: Record<string, Tensor>): Recipe | null {
  if (blockSize === null || dtype === null) return null;
  const { map, absmax, nestedAbsmax, nestedMap } = parts;
  const count = product(shape);
  if (map?.elementCount !== 16 || absmax === undefined || absmax.elementCount !== Math.ceil(count / blockSize)) return null;
  const isNested = nestedAbsmax !== undefined && nestedMap !== undefined;
  if (isNested !== (nested !== null)) return null;
  const largest = isNested && nested !== null ? nestedValues(absmax, nestedAbsmax, nestedMap, nested) : storedValues(absmax);
  const values: Recipe = { kind: 'lookup', of: unpackedRows(codes, [count], 4, [1, 0]), table: storedValues(map) };
  return { kind: 'rounded', of: reshaped(scaled(values, largest, [null, blockSize]), shape), dtype };
}

/** Largest magnitudes that are quantised themselves: `map[code] · absmax + offset`. */
function nestedValues(codes: Tensor, absmax: Tensor, map: Tensor, { blockSize, offset }: NestedState): Recipe {
  const values: Recipe = { kind: 'lookup', of: storedValues(codes), table: storedValues(map) };
  return shifted(blockwise('multiply', values, storedValues(absmax), [null, blockSize]), offset);
}

/** What a 4-bit weight's description says. */
interface QuantState {
  readonly shape: readonly number[];
  /** Null where it does not say. */
  readonly blockSize: number | null;
  readonly dtype: RoundedDtype | null;
  /** Null when the largest magnitudes are stored plainly. */
  readonly nested: NestedState | null;
}

interface NestedState {
  readonly blockSize: number;
  readonly offset: number;
}

const stateDtypes: Readonly<Record<string, RoundedDtype>> = { bfloat16: 'BF16', float16: 'F16', float32: 'F32' };

/** Null where the description was not read, is damaged, or states no shape. */
function readState(stored: StoredTensors, state: Tensor): QuantState | null {
  const content = stored.contentOf(state);
  const root = content === null ? null : parsedRecord(Buffer.from(content).toString('utf8'));
  const [shape, blockSize] = [root?.['shape'], root?.['blocksize']];
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (root === null || !isShape) return null;
  const dtype = stateDtypes[String(root['dtype'])] ?? null;
  return { shape: shape as number[], blockSize: isCount(blockSize) ? blockSize : null, dtype, nested: nestedState(root) };
}

function nestedState(root: JsonObject): NestedState | null {
  const [blockSize, offset] = [root['nested_blocksize'], root['nested_offset']];
  return isCount(blockSize) && typeof offset === 'number' ? { blockSize, offset } : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function parsedRecord(text: string): JsonObject | null {
  try {
    const root: unknown = parseJsonText(text);
    return isRecord(root) ? root : null;
  } catch {
    return null;
  }
}
