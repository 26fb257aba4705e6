/**
 * Values that the model code computes or counts rather than learns, stored in floating point all the same. A difference
 * of these means nothing: the target's are kept.
 */
const buffer =
  /(?:^|\.)(?:inv_freq|running_mean|running_var|num_batches_tracked|position_ids|token_type_ids)$|\.attn\.(?:bias|masked_bias)$/;

export function isBuffer(name: string): boolean {
  return buffer.test(name);
}
