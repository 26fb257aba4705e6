import assert from 'node:assert/strict';
import type { Tensor } from '../../../../src/checkpoint/index.js';
import { correspond, parseMapRule, type Correspondence, type Matchable } from '../../../../src/model/correspondence/index.js';
import { canonicalName } from '../../../../src/model/correspondence/canonicalName.js';

function item(name: string, ...shape: number[]): Matchable {
  const elementCount = shape.reduce((product, size) => product * size, 1);
  const tensor: Tensor = { name, dtype: 'F32', shape, elementCount, shard: 0, start: 0, byteLength: elementCount * 4 };
  return { name, shape, values: { kind: 'stored', tensor } };
}

function items(...names: readonly string[]): Matchable[] {
  return names.map((name) => item(name, 4, 8));
}

const proposed = { prefixMap: null, map: [] };

function pairsOf({ matches }: Correspondence<Matchable>): [string, string, string][] {
  return matches.map((match) => [
    match.a.name,
    match.kind === 'whole' ? match.b.name : match.of.map(({ name }) => name).join(),
    match.reason,
  ]);
}

describe('correspondence of names', () => {
  it('sees through wrappers anywhere, on either side', () => {
    const plain = items('model.layers.0.mlp.up_proj.weight', 'model.layers.0.self_attn.q_proj.weight', 'lm_head.weight');
    const wrapped = items(
      'module._orig_mod.model.layers.0._fsdp_wrapped_module.mlp._checkpoint_wrapped_module.up_proj.weight',
      'base_model.model.model.layers.0.self_attn.q_proj.base_layer.weight',
      'lm_head.modules_to_save.default.weight',
      'lm_head.original_module.weight',
    );
    const found = correspond(plain, wrapped, proposed);
    assert.deepEqual(
      pairsOf(found).map(([a, , reason]) => [a, reason]),
      [
        ['model.layers.0.mlp.up_proj.weight', 'wrapper removed: module, _orig_mod, _fsdp_wrapped_module, _checkpoint_wrapped_module'],
        ['model.layers.0.self_attn.q_proj.weight', 'wrapper removed: base_layer, base_model.model'],
        ['lm_head.weight', 'wrapper removed: modules_to_save'],
      ],
    );
    assert.deepEqual(
      found.onlyB.map(({ name }) => name),
      ['lm_head.original_module.weight'],
    );
    assert.equal(correspond(wrapped.slice(0, 3), plain, proposed).matches.length, 3);
  });

  it('takes none of equal candidates, and says so', () => {
    const found = correspond(items('a.weight'), items('_orig_mod.a.weight', 'module.a.weight'), proposed);
    assert.deepEqual([found.matches, found.ties], [[], [{ a: ['a.weight'], b: ['_orig_mod.a.weight', 'module.a.weight'] }]]);
    const exact = correspond(items('a.weight'), items('_orig_mod.a.weight', 'a.weight'), proposed);
    assert.deepEqual([pairsOf(exact), exact.ties], [[['a.weight', 'a.weight', 'equal name']], []]);
  });

  it('prefers equal names to mapped ones, uses none twice, and tells the prefix rules that are in use', () => {
    const rules = [
      { from: 'wrapped.', to: '' },
      { from: 'x.', to: 'y.' },
    ];
    const found = correspond(items('x.w', 'p', 'q'), items('x.w', 'wrapped.x.w', 'r', 'wrapped.q'), { prefixMap: rules, map: [] });
    assert.deepEqual(pairsOf(found), [
      ['x.w', 'x.w', 'equal name'],
      ['q', 'wrapped.q', 'prefix wrapped. removed'],
    ]);
    assert.deepEqual([found.prefixMap, found.unusedPrefixes], [[rules[0]], [rules[1]]]);
    assert.deepEqual(
      [found.onlyA, found.onlyB].map((list) => list.map(({ name }) => name)),
      [['p'], ['wrapped.x.w', 'r']],
    );
  });

  it("follows the user's rules before equal names", () => {
    const rules = { prefixMap: null, map: ['old.{a,b}=new.$1', 'x.*=y.$1'].map(parseMapRule) };
    const found = correspond(items('new.a', 'old.a'), items('old.a', 'new.c'), rules);
    assert.deepEqual(pairsOf(found), [['new.a', 'old.a', 'your rule old.{a,b}=new.$1']]);
    assert.deepEqual(
      found.unusedRules.map(({ pattern }) => pattern),
      ['x.*'],
    );
  });

  it('takes names of other families for one only where shapes agree, up to rows', () => {
    const found = correspond(
      [item('model.layers.0.mlp.up_proj.weight', 4, 8), item('model.embed_tokens.weight', 10, 8)],
      [item('model.layers.0.feed_forward.w3.weight', 5, 9), item('model.tok_embeddings.weight', 12, 8)],
      proposed,
    );
    assert.deepEqual(pairsOf(found), [
      ['model.embed_tokens.weight', 'model.tok_embeddings.weight', 'renamed by scheme Llama and Mistral native'],
    ]);
  });

  it('says what of a tensor is left over where A has a part of it only', () => {
    const found = correspond([item('l.gate_proj.weight', 4, 8)], [item('l.gate_up_proj.weight', 8, 8)], proposed);
    assert.deepEqual(pairsOf(found), [['l.gate_proj.weight', 'l.gate_up_proj.weight', 'rows 0..3 of gate_up_proj']]);
    assert.deepEqual(
      found.leftOver.map(({ of, elementCount }) => [of.name, elementCount]),
      [['l.gate_up_proj.weight', 32]],
    );
  });

  it('makes nothing of parts that are not all there, or do not fit', () => {
    const whole = [item('l.qkv_proj.weight', 12, 4)];
    const missing = correspond(whole, [item('l.q_proj.weight', 4, 4), item('l.k_proj.weight', 4, 4)], proposed);
    assert.deepEqual([missing.matches.length, missing.onlyB.length], [0, 2]);
    const uneven = correspond(
      whole,
      [item('l.q_proj.weight', 5, 4), item('l.k_proj.weight', 4, 4), item('l.v_proj.weight', 4, 4)],
      proposed,
    );
    assert.equal(uneven.matches.length, 0);
  });

  it('reads the part of a file that lies in one piece as a stored tensor', () => {
    const [match] = correspond([item('m.experts.1.up_proj.weight', 4, 8)], [item('m.experts.gate_up_proj', 3, 8, 8)], proposed).matches;
    assert.ok(match?.kind === 'rearranged' && match.values.kind === 'stored');
    const { start, byteLength, shape } = match.values.tensor;
    assert.deepEqual([start, byteLength, shape], [(64 + 32) * 4, 128, [4, 8]]);
  });

  it('knows the names of families', () => {
    const names: readonly (readonly [string, string])[] = [
      ['layers.3.attention.wq.weight', 'layers.3.self_attn.q_proj.weight'],
      ['transformer.h.0.attn.c_attn.bias', 'transformer.layers.0.self_attn.qkv_proj.bias'],
      ['model.layers.0.block_sparse_moe.experts.7.w3.weight', 'model.layers.0.mlp.experts.7.up_proj.weight'],
      ['model.layers.0.mlp.experts.gate_up_proj', 'model.layers.0.mlp.experts.gate_up_proj.weight'],
      ['model.layers.0.mlp.experts.down_proj_bias', 'model.layers.0.mlp.experts.down_proj.bias'],
      ['model.layers.0.block_sparse_moe.input_linear.weight', 'model.layers.0.mlp.experts.gate_up_proj.weight'],
      ['bert.encoder.layer.0.attention.output.LayerNorm.gamma', 'bert.encoder.layers.0.attention.output.LayerNorm.weight'],
      ['vit.layers.0.ls1.gamma', 'vit.layers.0.ls1.gamma'],
      ['blk.5.ffn_gate_exps.weight', 'layers.5.mlp.experts.gate_proj.weight'],
      ['output.weight', 'lm_head.weight'],
      ['anything', 'anything'],
      ['', ''],
    ];
    for (const [name, canonical] of names) assert.equal(canonicalName(name, () => undefined).name, canonical, name);
    const gated = (name: string) => ({ 'layers.0.mlp.dense_h_to_4h.weight': [16, 4], 'layers.0.mlp.dense_4h_to_h.weight': [4, 8] })[name];
    assert.equal(canonicalName('layers.0.mlp.dense_h_to_4h.weight', gated).name, 'layers.0.mlp.gate_up_proj.weight');
  });
});
