import type { SettingRecord } from '../../../../src/model/settings/index.js';

/** A small complete config. */
export const llamaConfig = {
  model_type: 'llama',
  hidden_size: 24,
  intermediate_size: 40,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 61,
  max_position_embeddings: 32,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
} as const;

/** A config as a file has it: without the fields that are undefined. */
export function defined(fields: Readonly<Record<string, unknown>>): SettingRecord {
  return JSON.parse(JSON.stringify(fields)) as SettingRecord;
}
