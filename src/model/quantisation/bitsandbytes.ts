import type { Tensor } from '../../checkpoint/index.js';
import { isRecord, parseJsonText } from '../../base/json/record.js';
import type { Recogniser } from './definition.js';
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
  if (codes.dtype !== 'I8' || codes.shape.length !== 2 || scales?.elementCount !== codes.shape[0]) return null;
  const parts = presentParts({ codes, scales, format: stored.beside(codes, 'weight_format') });
  return {
    name: codes.name,
    shape: codes.shape,
    storage: { kind: 'codes', scheme: 'bitsandbytes', name: 'bitsandbytes int8', bits: 8, block: [1, null], parts },
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
  return fourBitWeight(codes, statedShape(stored, state), kind, parts);
};

function fourBitWeight(codes: Tensor, shape: readonly number[] | null, kind: string, parts: Record<string, Tensor>): CodedWeight | null {
  if (shape !== null && Math.ceil(product(shape) / 2) !== codes.byteLength) return null;
  return {
    name: codes.name,
    shape,
    storage: { kind: 'codes', scheme: 'bitsandbytes', name: `bitsandbytes ${kind}`, bits: 4, block: null, parts },
  };
}

function statedShape(stored: StoredTensors, state: Tensor): readonly number[] | null {
  const content = stored.contentOf(state);
  if (content === null) return null;
  try {
    const root: unknown = parseJsonText(Buffer.from(content).toString('utf8'));
    const shape = isRecord(root) ? root['shape'] : null;
    const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
    return isShape ? (shape as number[]) : null;
  } catch {
    return null;
  }
}
