import assert from 'node:assert/strict';
import type { Tensor } from '../../../../src/checkpoint/index.js';
import { applyPrefixMap, proposePrefixMap } from '../../../../src/model/names/prefixMap.js';

function tensor(name: string, shape: readonly number[] = [4, 4]): Tensor {
  const elementCount = shape.reduce((product, size) => product * size, 1);
  return { name, shape, dtype: 'F32', elementCount, shard: 0, start: 0, byteLength: elementCount * 4 };
}

const plain = ['model.embed_tokens.weight', 'model.layers.0.mlp.up_proj.weight', 'model.layers.1.mlp.up_proj.weight', 'lm_head.weight'].map(
  (name) => tensor(name),
);

describe('prefix map', () => {
  it('applies the first rule that fits, once', () => {
    const rules = [
      { from: 'a.', to: 'b.' },
      { from: 'b.', to: 'c.' },
    ];
    assert.equal(applyPrefixMap('a.x', rules), 'b.x');
    assert.equal(applyPrefixMap('b.x', rules), 'c.x');
    assert.equal(applyPrefixMap('d.x', rules), 'd.x');
  });

  it('proposes nothing when the names match', () => {
    assert.deepEqual(proposePrefixMap(plain, plain), []);
  });

  it('proposes one rule for a model wrapped as a language model', () => {
    const wrapped = plain.map(({ name }) => tensor(`language_model.${name}`));
    assert.deepEqual(proposePrefixMap(plain, wrapped), [{ from: 'language_model.', to: '' }]);
  });

  it('proposes the way back as well', () => {
    const wrapped = plain.map(({ name }) => tensor(`language_model.${name}`));
    assert.deepEqual(proposePrefixMap(wrapped, plain), [{ from: '', to: 'language_model.' }]);
  });

  it('proposes to add a prefix where one version lacks it, and one tensor has its name already', () => {
    const bare = ['wte.weight', 'h.0.attn.c_attn.weight', 'h.1.attn.c_attn.weight'];
    const gpt2 = [...bare.map((name) => tensor(`transformer.${name}`)), tensor('lm_head.weight')];
    assert.deepEqual(proposePrefixMap(gpt2, [...bare.map((name) => tensor(name)), tensor('lm_head.weight')]), [
      { from: '', to: 'transformer.' },
    ]);
  });

  it('tells the language stack of a multimodal model from its vision stack by shape', () => {
    const multimodal = [
      ...plain.map(({ name }) => tensor(name.replace('model.', 'model.language_model.'))),
      tensor('model.visual.layers.0.mlp.up_proj.weight', [2, 2]),
      tensor('model.visual.layers.1.mlp.up_proj.weight', [2, 2]),
    ];
    assert.deepEqual(proposePrefixMap(plain, multimodal), [{ from: 'model.language_model.', to: 'model.' }]);
  });

  it('never maps one layer to another', () => {
    const shifted = [tensor('model.layers.7.mlp.up_proj.weight'), tensor('model.layers.8.mlp.up_proj.weight')];
    assert.deepEqual(proposePrefixMap(plain, shifted), []);
  });
});
