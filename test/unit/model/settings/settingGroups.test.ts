import { strict as assert } from 'node:assert';
import {
  compareSettings,
  groupOf,
  readSettings,
  takeGroups,
  type SettingDifference,
  type SettingRecord,
} from '../../../../src/model/settings/index.js';
import { samples, type Sample } from './samples.js';

describe('settings taken from another config.json', () => {
  it('mean what they mean there, in any mixture of spellings, for every family', () => {
    let taken = 0;
    for (const { family, four, five, changed } of samples.filter(isOneShape)) {
      for (const own of [four, five]) {
        const found = take(own, changed);
        taken += found.taken;
        assert.deepEqual(found.left, [], `${family}: ${JSON.stringify(own)} with settings of ${JSON.stringify(changed)}`);
      }
      for (const source of [four, five]) assert.deepEqual(take(changed, source).left, [], family);
    }
    assert.ok(taken > 100, `only ${taken} settings were taken`);
  });

  it('keep the spelling of every other number, and of those that are taken', () => {
    const own =
      '{\n  "model_type": "gemma2",\n  "rms_norm_eps": 1e-06,\n  "final_logit_softcapping": 30.0,\n  "attn_logit_softcapping": 50.0\n}';
    const other = '{"model_type": "gemma2", "final_logit_softcapping": 20.0}';
    assert.equal(takeGroups(own, other, ['final_logit_softcapping']), own.replace('30.0', '20.0'));
    assert.equal(takeGroups(own, other, ['attn_logit_softcapping']), own.replace(',\n  "attn_logit_softcapping": 50.0', ''));
  });

  it('go into the language model’s part of a model that has one', () => {
    const own = {
      model_type: 'gemma3',
      text_config: { model_type: 'gemma3_text', sliding_window: 64, hidden_size: 32 },
      vision_config: {},
    };
    const result = JSON.parse(
      takeGroups(JSON.stringify(own), '{"model_type": "gemma3_text", "sliding_window": 16}', ['attention windows']),
    ) as object;
    assert.deepEqual(result, { ...own, text_config: { ...own.text_config, sliding_window: 16 } });
  });

  it('are whole groups where they mean something together only', () => {
    assert.equal(groupOf('rope_parameters.rope_theta'), groupOf('original_max_position_embeddings'));
    assert.equal(groupOf('layer_types'), groupOf('sliding_window'));
    assert.equal(groupOf('vision_config.hidden_act'), 'vision_config');
  });
});

/** Takes what is computed with the same weights, and tells what of it is still different. */
function take(own: SettingRecord, source: SettingRecord): { readonly taken: number; readonly left: readonly SettingDifference[] } {
  const differences = compareSettings(readSettings(own), readSettings(source)).filter(isTakeable);
  const groups = [...new Set(differences.map(({ name }) => groupOf(name)))];
  const result = JSON.parse(takeGroups(JSON.stringify(own), JSON.stringify(source), groups)) as SettingRecord;
  return { taken: differences.length, left: compareSettings(readSettings(result), readSettings(source)).filter(isTakeable) };
}

/** Other sizes show in the tensors, which do not fit then. */
function isOneShape({ four, changed }: Sample): boolean {
  return compareSettings(readSettings(four), readSettings(changed)).every(({ effect }) => effect !== 'shape' && effect !== 'weights');
}

function isTakeable({ effect }: SettingDifference): boolean {
  return effect === 'forward' || effect === 'unknown';
}
