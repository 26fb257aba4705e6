import type { Dtype, Tensor } from '../../checkpoint/index.js';
import type { CodedWeight } from './scheme.js';
import type { QuantisationStatement } from './statement.js';
import type { StoredTensors } from './storedTensors.js';

/**
 * A scheme as far as it is recognised: the weight whose codes a tensor holds, or null when the tensor is not coded this
 * way. It says null too where a part is missing or does not fit, so that half a layout is never taken for a whole one.
 */
export type Recogniser = (codes: Tensor, stored: StoredTensors, statement: QuantisationStatement | null) => CodedWeight | null;

export function isFloat8(dtype: Dtype): boolean {
  return dtype.startsWith('F8_E4M3') || dtype.startsWith('F8_E5M2');
}

/** Dtypes that hold 16 or more bits of a real number. */
export function isPlainFloat(dtype: Dtype): boolean {
  return dtype === 'BF16' || dtype === 'F16' || dtype === 'F32' || dtype === 'F64';
}

/** The power-of-two exponents that microscaling formats use as scales: a dtype of their own, or plain bytes. */
export function isExponent(dtype: Dtype): boolean {
  return dtype === 'F8_E8M0' || dtype === 'U8';
}
