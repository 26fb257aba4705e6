import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { parsePythonJson } from '../../../../src/base/json/pythonJson.js';
import {
  compareSettings,
  formatDifference,
  formatSetting,
  formatSides,
  readSettings,
  type SettingDifference,
  type SettingRecord,
} from '../../../../src/model/settings/index.js';

const llama = { model_type: 'llama', hidden_size: 64, num_attention_heads: 4, num_hidden_layers: 2, rope_theta: 10_000 };

describe('differences of settings', () => {
  it('say what they decide, and those come first that change most', () => {
    const other = { ...llama, dtype: 'bfloat16', num_attention_heads: 8, rms_norm_eps: 1e-5, eos_token_id: 7, odd_switch: true };
    assert.deepEqual(named(compare(llama, other)), [
      ['head_dim', 'weights'],
      ['num_attention_heads', 'weights'],
      ['num_key_value_heads', 'weights'],
      ['rms_norm_eps', 'forward'],
      ['odd_switch', 'unknown'],
      ['eos_token_id', 'generation'],
      ['dtype', 'bookkeeping'],
    ]);
  });

  it('are none where fields are left out that have the library’s values, or that say nothing of the model', () => {
    const spelled = {
      ...llama,
      attention_bias: false,
      hidden_act: 'silu',
      rope_scaling: null,
      head_dim: 16,
      num_key_value_heads: 4,
      use_cache: false,
      transformers_version: '4.40.0',
      _name_or_path: '/somewhere',
      architectures: ['LlamaForCausalLM'],
      id2label: { 0: 'LABEL_0', 1: 'LABEL_1' },
    };
    assert.deepEqual(compare(llama, spelled), []);
  });

  it('show where a window that is null is not one that is left out', () => {
    const mistral = { ...llama, model_type: 'mistral' };
    assert.deepEqual(compare(mistral, { ...mistral, sliding_window: null }), [
      { name: 'sliding_window', a: 4096, b: null, effect: 'forward' },
    ]);
  });

  it('show a kind of rotary embedding against none', () => {
    const scaled = { ...llama, rope_scaling: { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 } };
    const names = compare(llama, scaled).map(({ name, effect }) => `${name} ${effect}`);
    assert.deepEqual(names, [
      'rope_parameters.factor forward',
      'rope_parameters.high_freq_factor forward',
      'rope_parameters.low_freq_factor forward',
      'rope_parameters.original_max_position_embeddings forward',
      'rope_parameters.rope_type forward',
    ]);
  });

  it('compare a text model with the language model of one that also reads images', () => {
    const text = { hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4, head_dim: 16 };
    const found = compare(
      { model_type: 'gemma3_text', ...text },
      { model_type: 'gemma3', text_config: text, vision_config: { hidden_size: 8 } },
    );
    assert.deepEqual(
      found.filter(({ effect }) => effect === 'weights' || effect === 'forward'),
      [],
    );
    assert.ok(found.some(({ name }) => name === 'model_type') && found.some(({ name }) => name === 'vision_config'));
  });

  it('call another language model another meaning of the weights', () => {
    assert.deepEqual(named(compare(llama, { ...llama, model_type: 'smollm3' })).at(0), ['model_type', 'weights']);
  });

  it('are literal where the library does not know the type, after names that everybody has', () => {
    const own = { model_type: 'ours', n_embd: 64, n_head: 4, mixing: { depth: 2 }, rope_theta: 500 };
    const same = {
      model_type: 'ours',
      hidden_size: 64,
      num_attention_heads: 4,
      mixing: { depth: 2 },
      rope_parameters: { rope_theta: 500 },
    };
    assert.deepEqual(compare(own, same), []);
    assert.deepEqual(compare(own, { ...same, valueOf: 1 }), [{ name: 'valueOf', a: null, b: 1, effect: 'unknown' }]);
    assert.deepEqual(compare(own, { ...same, mixing: { depth: 3 } }), [{ name: 'mixing.depth', a: 2, b: 3, effect: 'unknown' }]);
  });

  it('are none where a version has no configuration', () => {
    assert.deepEqual(compareSettings(null, readSettings(llama)), []);
  });

  it('are the same differences the other way round', () => {
    fc.assert(
      fc.property(anyConfig, anyConfig, (a, b) => {
        const back = compare(b, a).map(({ name, a: from, b: to, effect }) => ({ name, a: to, b: from, effect }));
        assert.deepEqual(compare(a, b), back);
        assert.deepEqual(compare(a, a), []);
      }),
    );
  });

  it('never fail, whatever a file holds', () => {
    fc.assert(
      fc.property(fc.dictionary(anyName, fc.jsonValue()), (config) => void readSettings(config as SettingRecord)),
      { numRuns: 300 },
    );
  });
});

describe('values of settings for people', () => {
  it('are short', () => {
    assert.equal(formatSetting(null), 'not set');
    assert.equal(formatSetting('silu'), 'silu');
    assert.equal(
      formatSetting([...Array.from({ length: 90 }, () => 'full_attention'), 'sliding_attention']),
      '[90 × full_attention, sliding_attention]',
    );
    assert.equal(formatSetting(Array.from({ length: 90 }, (_, index) => index)).length, 60);
    assert.equal(formatDifference({ name: 'rope_theta', a: 10_000, b: 500_000, effect: 'forward' }), 'rope_theta 10000 → 500000');
  });
});

describe('long values of settings for people', () => {
  it('tell from where on they differ', () => {
    const long = Array.from({ length: 40 }, (_, index) => index);
    const { a, b } = formatSides({ a: long, b: long.with(30, 99) });
    assert.notEqual(a, b);
    assert.match(a, /^….*28, 29, 30, 31/);
    assert.match(b, /^….*28, 29, 99, 31/);
  });
});

describe('JSON as Python writes it', () => {
  it('has infinities, which transformers 5 writes otherwise', () => {
    const four = parsePythonJson('{"model_type": "mamba2", "time_step_limit": [0.0, Infinity], "note": "NaN, -Infinity"}');
    const five = parsePythonJson('{"model_type": "mamba2", "time_step_limit": [0.0, {"__float__": "Infinity"}], "note": "NaN, -Infinity"}');
    assert.deepEqual(four, five);
  });

  it('is refused where it is no JSON either', () => {
    assert.throws(() => parsePythonJson('{"a": Infinite}'), SyntaxError);
    assert.throws(() => parsePythonJson('{"a": 1,}'), SyntaxError);
  });
});

const anyName = fc.constantFrom(
  ...['model_type', 'text_config', 'vision_config', 'rope_scaling', 'rope_parameters', 'rope_theta', 'layer_types', 'head_dim'],
  ...['num_hidden_layers', 'sliding_window', 'sliding_window_pattern', 'hidden_size', 'num_attention_heads', 'id2label', 'odd', 'toString'],
);
const anyConfig = fc.record(
  {
    model_type: fc.constantFrom('llama', 'gemma3_text', 'qwen2', 'ours'),
    hidden_size: fc.constantFrom(32, 64),
    num_attention_heads: fc.constantFrom(2, 4),
    num_hidden_layers: fc.constantFrom(2, 7),
    rope_theta: fc.constantFrom(10_000, 500),
    sliding_window: fc.constantFrom(null, 16),
    odd: fc.jsonValue() as fc.Arbitrary<SettingRecord[string]>,
  },
  { requiredKeys: ['model_type'] },
);

function compare(a: SettingRecord, b: SettingRecord): SettingDifference[] {
  return compareSettings(readSettings(a), readSettings(b));
}

function named(differences: readonly SettingDifference[]): (readonly [string, string])[] {
  return differences.map(({ name, effect }) => [name, effect] as const);
}
