import assert from 'node:assert/strict';
import { findingsOf } from '../../../src/compare/findings.js';
import { planComparison } from '../../../src/compare/planComparison.js';
import type { Model } from '../../../src/model/index.js';
import { readSettings } from '../../../src/model/settings/index.js';
import { checkpointOf } from './support/checkpoints.js';

const llama = { model_type: 'llama', hidden_size: 64, num_attention_heads: 4, num_hidden_layers: 2 };

describe('findings about settings of two versions', () => {
  it('none where files are spelled otherwise, or nothing is computed otherwise', () => {
    assert.deepEqual(
      compare(llama, { ...llama, head_dim: 16, rope_parameters: { rope_theta: 10_000 }, dtype: 'float16', eos_token_id: 9 }),
      [],
    );
  });

  it('those by which equal weights compute something else', () => {
    assert.deepEqual(compare(llama, { ...llama, rope_theta: 500, odd_switch: true }), [
      'settings-differ: The versions compute otherwise with the same weights, as their config.json says: ' +
        'rope_parameters.rope_theta 10000 → 500, odd_switch not set → true.',
    ]);
  });

  it('those by which weights mean something else', () => {
    const [first] = compare(llama, { ...llama, hidden_act: 'gelu' });
    assert.match(first!, /^weights-mean-otherwise: The weights of A and B do not mean the same: hidden_act silu → gelu\./);
  });

  it('another architecture, but not for the language model of one that also reads images', () => {
    assert.match(compare(llama, { ...llama, model_type: 'mistral' })[0]!, /^architecture-differs: .* llama and mistral/);
    const text = { hidden_size: 64, num_hidden_layers: 2 };
    const found = compare({ model_type: 'gemma3_text', ...text }, { model_type: 'gemma3', text_config: text });
    assert.ok(found.every((message) => !message.startsWith('architecture-differs')));
  });
});

function compare(a: object, b: object): string[] {
  const plan = planComparison(modelWith(a), modelWith(b), { prefixMap: [], map: [] });
  return findingsOf(plan, []).map(({ code, message }) => `${code}: ${message}`);
}

function modelWith(config: object): Model {
  return { ...checkpointOf(), settings: readSettings(config as Readonly<Record<string, unknown>>) };
}
