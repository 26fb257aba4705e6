import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { ArchitectureError, readArchitecture } from '../../../../src/model/architecture/index.js';
import { readSettings } from '../../../../src/model/settings/index.js';
import { modelGraph, type ModelGraph, type StoredTensor } from '../../../../src/evaluate/graph/index.js';
import { goldens, loadConfig, loadTensors } from './storedModel.js';

const norm = 'model.layers.1.input_layernorm.weight';
const head = 'lm_head.weight';

describe('checkpoints that do not fit their config', () => {
  it('lack a tensor', async () => {
    const tensors = (await stored()).filter(({ name }) => name !== norm);
    assertRefused(() => build(tensors), [`"${norm}"`, 'shape [24]', 'no such tensor', 'all shards']);
  });

  it('have a tensor of another shape', async () => {
    const tensors = (await stored()).map((tensor) => (tensor.name === head ? { ...tensor, shape: [60, 24] } : tensor));
    assertRefused(() => build(tensors), [`"${head}"`, 'shape [61, 24]', 'shape [60, 24]']);
  });

  it('are of another size than the config says', async () => {
    const tensors = await stored();
    assertRefused(() => build(tensors, { intermediate_size: 48 }), ['mlp.gate_proj.weight', 'shape [48, 24]', 'shape [40, 24]']);
    assertRefused(() => build(tensors, { head_dim: 8 }), ['self_attn.q_proj.weight', 'shape [32, 24]', 'shape [24, 24]']);
  });

  it('have no embeddings under any known name', async () => {
    const tensors = (await stored()).map(({ name, shape }) => ({ name: `student.${name}`, shape }));
    assertRefused(() => build(tensors), ['model.embed_tokens.weight or embed_tokens.weight']);
  });

  it('lack a head that the config does not tie', async () => {
    const tensors = (await stored()).filter(({ name }) => name !== head);
    assertRefused(() => build(tensors), [`"${head}"`, 'no such tensor']);
  });

  it('have parameters that the config does not know', async () => {
    const tensors = [...(await stored()), { name: 'model.layers.0.self_attn.q_norm.weight', shape: [6] }];
    assertRefused(() => build(tensors), ['model.layers.0.self_attn.q_norm.weight', 'Llama, num_hidden_layers 2']);
  });

  it('have more layers than the config says', async () => {
    const tensors = await stored();
    assertRefused(() => build(tensors, { num_hidden_layers: 1 }), ['9 more', 'model.layers.1.', 'num_hidden_layers 1']);
  });
});

describe('what a checkpoint may have besides', () => {
  it('constants that are no parameters, and tensors outside layers', async () => {
    const extra = ['model.layers.0.self_attn.rotary_emb.inv_freq', 'score.weight'].map((name) => ({ name, shape: [3] }));
    assert.equal(build([...(await stored()), ...extra]).blocks.length, 2);
  });

  it('a tied head, which is used where it is stored', async () => {
    const tensors = await stored();
    const { head: own } = build(tensors, { tie_word_embeddings: true });
    assert.deepEqual([own.tied, own.projectionTensor], [false, head]);
    const { head: shared } = build(
      tensors.filter(({ name }) => name !== head),
      { tie_word_embeddings: true },
    );
    assert.deepEqual([shared.tied, shared.projectionTensor], [true, 'model.embed_tokens.weight']);
  });

  it('a bias of the head', async () => {
    const { head: biased } = build([...(await stored()), { name: 'lm_head.bias', shape: [61] }]);
    assert.equal(biased.biasTensor, 'lm_head.bias');
  });
});

async function stored(): Promise<readonly StoredTensor[]> {
  return [...(await loadTensors(join(goldens, 'llama', 'model.safetensors'))).values()];
}

function build(tensors: readonly StoredTensor[], fields: Readonly<Record<string, unknown>> = {}): ModelGraph {
  return modelGraph(readArchitecture(readSettings({ ...loadConfig('llama'), ...fields }), 'config.json'), tensors);
}

function assertRefused(run: () => unknown, parts: readonly string[]): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ArchitectureError);
    for (const part of ['config.json', ...parts]) assert.ok(error.message.includes(part), `${error.message} lacks ${part}`);
    return true;
  });
}
