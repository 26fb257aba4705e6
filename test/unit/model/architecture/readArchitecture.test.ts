import { strict as assert } from 'node:assert';
import { readArchitecture, type Architecture } from '../../../../src/model/architecture/index.js';
import { readSettings } from '../../../../src/model/settings/index.js';
import { defined, llamaConfig } from './llamaConfig.js';

describe('readArchitecture', () => {
  it('reads old and new ways to write the same rotary embedding', () => {
    const llama3 = { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 16 };
    const old = read({ rope_theta: 500, rope_scaling: { rope_type: 'llama3', ...llama3 } });
    const now = read({ rope_theta: undefined, rope_parameters: { rope_type: 'llama3', rope_theta: 500, ...llama3 } });
    assert.deepEqual(now, old);
    assert.equal(now.layers[0]!.attention.rope!.theta, 500);
  });

  it('reads the first name of longrope', () => {
    const factors = { short_factor: [1, 2, 3], long_factor: [4, 5, 6] };
    const phi = { model_type: 'phi3', original_max_position_embeddings: 16 };
    const first = read({ ...phi, rope_scaling: { type: 'su', ...factors } });
    assert.deepEqual(first, read({ ...phi, rope_scaling: { type: 'longrope', ...factors } }));
    assert.equal(first.layers[0]!.attention.rope!.scaling.kind, 'longrope');
  });

  it('takes the values of the library where a published config is silent', () => {
    const { hiddenSize, vocabularySize, contextLength, layers } = read({
      model_type: 'gemma3',
      text_config: { hidden_size: 2560, num_hidden_layers: 7 },
    });
    assert.deepEqual([hiddenSize, vocabularySize, contextLength], [2560, 262_208, 131_072]);
    assert.deepEqual(windows(layers), [4096, 4096, 4096, 4096, 4096, null, 4096]);
    const thetas = layers.map(({ attention }) => attention.rope!.theta);
    assert.deepEqual(thetas, [10_000, 10_000, 10_000, 10_000, 10_000, 1_000_000, 10_000]);
  });

  it('tells a window that is null from one that is not stated', () => {
    assert.deepEqual(windows(read({ model_type: 'mistral' }).layers), [4096, 4096]);
    assert.deepEqual(windows(read({ model_type: 'mistral', sliding_window: null }).layers), [null, null]);
  });

  it('reads a config without a context length', () => {
    assert.equal(read({ max_position_embeddings: undefined }).contextLength, 2048);
  });
});

function read(fields: Readonly<Record<string, unknown>>): Architecture {
  return readArchitecture(readSettings(defined({ ...llamaConfig, ...fields })), 'config.json');
}

function windows(layers: Architecture['layers']): (number | null)[] {
  return layers.map(({ attention }) => attention.window);
}
