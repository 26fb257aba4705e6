import assert from 'node:assert/strict';
import { layerLabel, parseTensorName } from '../../../../src/model/names/layerName.js';

const names: readonly [name: string, layer: string, layerIndex: number | null, module: string][] = [
  ['model.layers.12.self_attn.q_proj.weight', 'model.layers.12', 12, 'self_attn.q_proj'],
  ['model.layers.12.self_attn.q_proj.bias', 'model.layers.12', 12, 'self_attn.q_proj.bias'],
  ['transformer.h.3.attn.c_attn.weight', 'transformer.h.3', 3, 'attn.c_attn'],
  ['encoder.block.0.layer.1.DenseReluDense.wi.weight', 'encoder.block.0', 0, 'layer.1.DenseReluDense.wi'],
  ['gpt_neox.layers.5.attention.dense.weight', 'gpt_neox.layers.5', 5, 'attention.dense'],
  ['blocks.7.norm1.bias', 'blocks.7', 7, 'norm1.bias'],
  ['decoder.transformer_layers.1.mlp.down_proj.weight', 'decoder.transformer_layers.1', 1, 'mlp.down_proj'],
  ['visual.transformer.resblocks.23.ln_1.weight', 'visual.transformer.resblocks.23', 23, 'ln_1'],
  ['model.layers.0.mlp.experts.17.gate_proj.weight', 'model.layers.0', 0, 'mlp.experts.*.gate_proj'],
  ['model.layers.0.mlp.experts.gate_up_proj', 'model.layers.0', 0, 'mlp.experts.gate_up_proj'],
  ['experts.3.w1.weight', '', null, 'experts.*.w1'],
  ['model.layers.4.weight', 'model.layers.4', 4, 'weight'],
  ['model.layers.4', 'model.layers.4', 4, ''],
  ['model.layers.4a.mlp.weight', '', null, 'model.layers.4a.mlp'],
  ['model.embed_tokens.weight', '', null, 'model.embed_tokens'],
  ['head.0.weight', '', null, 'head.0'],
  ['weight', '', null, 'weight'],
  ['', '', null, ''],
];

describe('names of tensors', () => {
  for (const [name, layer, layerIndex, module] of names) {
    it(`"${name}" is "${module}" in "${layer}"`, () => {
      assert.deepEqual(parseTensorName(name), { layer, layerIndex, module });
    });
  }

  it('label layers by number, and by stack where there may be several', () => {
    const labels = [
      'model.layers.12',
      'transformer.h.3',
      'blocks.7',
      'model.language_model.layers.2',
      'encoder.block.3',
      'model.visual.blocks.1',
      'down_blocks.0',
      '',
    ];
    assert.deepEqual(labels.map(layerLabel), [
      'layer 12',
      'layer 3',
      'layer 7',
      'layer 2',
      'encoder.block 3',
      'visual.blocks 1',
      'down_blocks 0',
      'outside layers',
    ]);
  });
});
