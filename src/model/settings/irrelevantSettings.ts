import { isRecord } from '../../base/json/record.js';
import type { SettingValue } from './settings.js';

/** Fields that say who wrote the file, what a program keeps or returns, or where code lies: nothing of the model. */
const irrelevant: ReadonlySet<string> = new Set([
  'architectures',
  'attn_implementation',
  'auto_map',
  'chunk_size_feed_forward',
  'finetuning_task',
  'is_encoder_decoder',
  'label2id',
  'name_or_path',
  'num_labels',
  'output_attentions',
  'output_hidden_states',
  'problem_type',
  'return_dict',
  'tokenizer_class',
  'torchscript',
  'transformers_version',
  'transformers.js_config',
  'unsloth_fixed',
  'unsloth_version',
  'use_bfloat16',
  'use_cache',
  'use_return_dict',
  'xla_device',
]);

/** Whether a field says nothing about the model. Names that start with `_` are a program's own notes. */
export function isIrrelevant(name: string, value: SettingValue): boolean {
  return irrelevant.has(name) || name.startsWith('_') || (name === 'id2label' && isDefaultLabels(value));
}

/** The library gives every model two labels, `LABEL_0` and `LABEL_1`. */
function isDefaultLabels(value: SettingValue): boolean {
  return isRecord(value) && Object.entries(value).every(([id, label]) => label === `LABEL_${id}`);
}
