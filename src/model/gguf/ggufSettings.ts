import { listTensors, type Checkpoint } from '../../checkpoint/index.js';
import type { ModelConfig, ModelSettings, SettingRecord, SettingValue } from '../settings/index.js';
import { familyOf } from './families.js';
import { architectureValue, valueOf, type GgufFacts } from './ggufFacts.js';

/**
 * Standard names of settings, by the architecture's own key. Source: `Keys` in `constants.py` of the Python package gguf 0.19. Where
 * layers have values of their own, one setting cannot say them, and it is left out.
 */
const settingsByKey: readonly (readonly [key: string, setting: string])[] = [
  ['block_count', 'num_hidden_layers'],
  ['embedding_length', 'hidden_size'],
  ['feed_forward_length', 'intermediate_size'],
  ['context_length', 'max_position_embeddings'],
  ['attention.head_count', 'num_attention_heads'],
  ['attention.head_count_kv', 'num_key_value_heads'],
  ['attention.key_length', 'head_dim'],
  ['attention.layer_norm_rms_epsilon', 'rms_norm_eps'],
  ['attention.sliding_window', 'sliding_window'],
  ['attn_logit_softcapping', 'attn_logit_softcapping'],
  ['final_logit_softcapping', 'final_logit_softcapping'],
  ['expert_used_count', 'num_experts_per_tok'],
  ['expert_feed_forward_length', 'moe_intermediate_size'],
  ['expert_shared_feed_forward_length', 'shared_expert_intermediate_size'],
  ['vocab_size', 'vocab_size'],
];

/** What only some types call so. */
const settingsOfTypes: Readonly<Record<string, readonly (readonly [key: string, setting: string])[]>> = {
  mixtral: [['expert_count', 'num_local_experts']],
  qwen2_moe: [['expert_count', 'num_experts']],
  qwen3_moe: [['expert_count', 'num_experts']],
  olmoe: [['expert_count', 'num_experts']],
  gpt_oss: [['expert_count', 'num_local_experts']],
  cohere: [['logit_scale', 'logit_scale']],
  cohere2: [['logit_scale', 'logit_scale']],
  granite: [
    ['attention.scale', 'attention_multiplier'],
    ['embedding_scale', 'embedding_multiplier'],
    ['residual_scale', 'residual_multiplier'],
    ['logit_scale', 'logits_scaling'],
  ],
};

/** Latent attention is stored as if all heads had one key: what the file says of these is not what a `config.json` means. */
const ofOtherMeaning: Readonly<Record<string, readonly string[]>> = { deepseek2: ['num_key_value_heads', 'head_dim'] };

/** What these files say of a window is 0 where there is none, or of layers that have none. */
const withoutWindow: ReadonlySet<string> = new Set(['phi3']);

export interface GgufConfig {
  readonly config: ModelConfig;
  readonly settings: ModelSettings;
}

/** Settings of a GGUF file's model, as far as it says them: nothing is filled in, as its converter read a `config.json` that is not here. */
export function ggufConfig(facts: GgufFacts, checkpoint: Pick<Checkpoint, 'tensors' | 'scattered'>): GgufConfig {
  const modelType = modelTypeOf(facts);
  const values = statedValues(facts, modelType);
  const spellings = Object.fromEntries(settingsByKey.map(([key, setting]) => [setting, `${facts.architecture}.${key}`]));
  const hasHead = listTensors(checkpoint).some(({ name }) => name === 'output.weight');
  const number = (name: string): number | null => (typeof values[name] === 'number' ? values[name] : null);
  return {
    settings: { modelType, textModelType: modelType, isKnownType: false, isPartial: true, values, spellings },
    config: {
      modelType,
      architecture: null,
      hiddenSize: number('hidden_size'),
      layerCount: number('num_hidden_layers'),
      vocabularySize: number('vocab_size'),
      tiedEmbeddings: !hasHead,
    },
  };
}

function modelTypeOf(facts: GgufFacts): string | null {
  const family = familyOf(facts.architecture);
  const experts = architectureValue(facts, 'expert_count');
  return typeof experts === 'number' && experts > 0 && family?.expertModelType !== undefined
    ? family.expertModelType
    : (family?.modelType ?? null);
}

function statedValues(facts: GgufFacts, modelType: string | null): SettingRecord {
  const left = ofOtherMeaning[facts.architecture] ?? [];
  const keys = [...settingsByKey, ...(settingsOfTypes[modelType ?? ''] ?? [])].filter(([, setting]) => !left.includes(setting));
  const stated = keys.flatMap(([key, setting]): [string, SettingValue][] => {
    const value = architectureValue(facts, key);
    if (typeof value !== 'number' || (setting === 'sliding_window' && (value === 0 || withoutWindow.has(facts.architecture)))) return [];
    return [[setting, value]];
  });
  const theta = architectureValue(facts, 'rope.freq_base');
  const rope: [string, SettingValue][] = typeof theta === 'number' ? [['rope_parameters', { rope_theta: theta }]] : [];
  return Object.fromEntries([...stated, ...rope, ...tokenIds(facts)]);
}

function tokenIds({ metadata }: GgufFacts): [string, SettingValue][] {
  const ids = [
    ['bos_token_id', 'tokenizer.ggml.bos_token_id'],
    ['eos_token_id', 'tokenizer.ggml.eos_token_id'],
    ['pad_token_id', 'tokenizer.ggml.padding_token_id'],
  ] as const;
  return ids.flatMap(([setting, key]): [string, SettingValue][] => {
    const id = valueOf(metadata, key);
    return typeof id === 'number' ? [[setting, id]] : [];
  });
}
