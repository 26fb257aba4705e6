import { strict as assert } from 'node:assert';
import { ArchitectureError, readArchitecture } from '../../../../src/model/architecture/index.js';
import { readSettings } from '../../../../src/model/settings/index.js';
import { defined, llamaConfig } from './llamaConfig.js';

const file = '/models/m/config.json';

/** Fields in place of those of a good config, and what the message has to say. */
const refused: readonly (readonly [what: string, fields: Readonly<Record<string, unknown>>, message: readonly string[]])[] = [
  ['an unknown family', { model_type: 'rwkv' }, ['"rwkv"', 'llama, mistral', 'gemma3', '--command']],
  ['a family by the name of a property', { model_type: 'constructor' }, ['"constructor"', '--command']],
  ['a family of experts', { model_type: 'mixtral' }, ['"mixtral"', '--command']],
  ['experts in a known family', { num_local_experts: 8 }, ['"num_local_experts"', 'Found 8', '--command']],
  ['quantised weights', { quantization_config: { bits: 4 } }, ['"quantization_config"', '{"bits":4}', 'Dequantise']],
  ['no model_type', { model_type: undefined }, ['"model_type"', 'no such field']],
  ['a size that is null', { vocab_size: null }, ['"vocab_size"', 'no such field']],
  ['a size that is a text', { num_hidden_layers: '2' }, ['"num_hidden_layers"', 'a positive integer', 'Found "2"']],
  ['a size of zero', { intermediate_size: 0 }, ['"intermediate_size"', 'Found 0']],
  ['a context of one token', { max_position_embeddings: 1 }, ['"max_position_embeddings"', 'at least 2', 'Found 1']],
  [
    'heads that do not divide',
    { num_attention_heads: 5, num_key_value_heads: 5 },
    ['"num_attention_heads"', 'divisor of hidden_size (24)'],
  ],
  ['groups that do not divide', { num_key_value_heads: 3 }, ['"num_key_value_heads"', 'divisor of num_attention_heads (4)']],
  ['heads that cannot be rotated', { head_dim: 7 }, ['"head_dim"', 'even number']],
  ['an epsilon that is not positive', { rms_norm_eps: -1 }, ['"rms_norm_eps"', 'a positive number', 'Found -1']],
  ['an unknown activation', { hidden_act: 'laplace' }, ['"hidden_act"', 'silu', 'laplace']],
  ['a flag that is a number', { attention_bias: 1 }, ['"attention_bias"', 'true or false', 'Found 1']],
  ['an unknown rotary embedding', { rope_scaling: { type: 'ntk-by-hand' } }, ['"rope_scaling.rope_type"', 'longrope']],
  ['scaling without its factor', { rope_scaling: { type: 'linear' } }, ['"rope_scaling.factor"', 'no such field']],
  ['scaling that is no object', { rope_scaling: 2 }, ['"rope_scaling"', 'an object']],
  [
    'frequency factors in the wrong order',
    { rope_scaling: { rope_type: 'llama3', factor: 8, low_freq_factor: 4, high_freq_factor: 1 } },
    ['"rope_scaling.high_freq_factor"', 'more than low_freq_factor (4)'],
  ],
  [
    'several sets of rotary parameters',
    { rope_parameters: { full_attention: {}, sliding_attention: {} } },
    ['"rope_parameters"', 'one set'],
  ],
  [
    'a list of the wrong length',
    { model_type: 'phi3', rope_scaling: { type: 'longrope', short_factor: [1], long_factor: [1, 1, 1] } },
    ['"rope_scaling.short_factor"', 'a list of 3 positive numbers', 'Found [1]'],
  ],
  ['types of too few layers', { model_type: 'gemma2', layer_types: ['full_attention'] }, ['"layer_types"', 'a list of 2 texts']],
  ['an unknown type of layer', { model_type: 'gemma2', layer_types: ['full_attention', 'chunked_attention'] }, ['chunked_attention']],
  [
    'attention in both directions',
    { model_type: 'gemma3_text', use_bidirectional_attention: true },
    ['"use_bidirectional_attention"', '--command'],
  ],
  ['cross attention', { model_type: 'gpt2', add_cross_attention: true }, ['"add_cross_attention"', '--command']],
  [
    'learned positions and odd heads',
    { model_type: 'gpt2', hidden_size: undefined, num_attention_heads: undefined, n_embd: 10, n_head: 3, n_layer: 1 },
    ['"n_head"', 'divisor of n_embd (10)'],
  ],
];

describe('architectures that are refused', () => {
  for (const [what, fields, expected] of refused) {
    it(what, () => {
      const config = { ...llamaConfig, ...fields };
      assert.throws(
        () => readArchitecture(readSettings(defined(config)), file),
        (error) => error instanceof ArchitectureError && [file, ...expected].every((part) => error.message.includes(part)),
      );
    });
  }
});
