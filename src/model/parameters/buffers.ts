import { kindOf, type Tensor } from '../../checkpoint/index.js';

/** Values that the model's code computes or counts rather than learns, stored in floating point all the same. */
const computed =
  /(?:^|\.)(?:inv_freq|running_mean|running_var|num_batches_tracked|position_ids|token_type_ids|freqs_cis|(?:cos|sin)_cached)$/;
/** The causal mask of GPT-2 and GPT-NeoX; a tensor of this name that is no mask is a bias. */
const mask = /(?:^|\.)(?:attn|attention)\.bias$/;
const maskedValue = /(?:^|\.)(?:attn|attention)\.masked_bias$/;

/**
 * Whether a tensor is no parameter: integers and booleans (counters, positions, tables of indices), and what the model's
 * code computes itself. A difference of these means nothing, and they count in no total.
 */
export function isBuffer({ name, dtype, shape }: Pick<Tensor, 'name' | 'dtype' | 'shape'>): boolean {
  const kind = kindOf(dtype);
  return kind === 'integer' || kind === 'boolean' || isComputed(name, shape);
}

/** Whether a tensor's name says that its values are computed or counted, whatever their dtype. */
export function isComputed(name: string, shape: readonly number[]): boolean {
  return computed.test(name) || maskedValue.test(name) || (mask.test(name) && shape.length === 4);
}
