/** Values that a model's code computes or counts rather than learns, stored in floating point all the same. */
const computed =
  /(?:^|\.)(?:inv_freq|running_mean|running_var|num_batches_tracked|position_ids|token_type_ids|freqs_cis|attn_mask|(?:cos|sin)_cached)$/;
/** The causal mask of GPT-2 and GPT-NeoX; a tensor of this name with another number of dimensions is a bias. */
const mask = /(?:^|\.)(?:attn|attention)\.bias$/;
const maskedValue = /(?:^|\.)(?:attn|attention)\.masked_bias$/;

/** Whether a tensor's name says that its values are computed or counted, whatever their dtype. */
export function isComputedName(name: string, shape: readonly number[]): boolean {
  return computed.test(name) || maskedValue.test(name) || (mask.test(name) && shape.length === 4);
}
