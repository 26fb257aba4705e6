import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { discoverCheckpoints, openCheckpoint, titleOf } from '../../../src/checkpoint/index.js';
import { openModel, type Model } from '../../../src/model/index.js';
import { describeGguf, ggufFactsOf } from '../../../src/model/gguf/index.js';
import { compareSettings, readSettings } from '../../../src/model/settings/index.js';
import { buildGguf, f32Tensor, type GgufKey, type GgufTensorOfTest } from '../../support/ggufFile.js';
import { compareFiles } from '../compare/support/compareFiles.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const keysOf = (architecture: string, ...more: readonly GgufKey[]): GgufKey[] => [
  ['general.architecture', 'string', architecture],
  ...more,
];
const codesOf = (findings: Model['findings']): string[] => findings.map(({ code }) => code).filter((code) => code.startsWith('gguf'));

describe('what a GGUF file means', () => {
  const at = temporaryFolder();

  async function open(name: string, keys: readonly GgufKey[], tensors: readonly GgufTensorOfTest[]): Promise<Model> {
    await writeFile(at(name), buildGguf({ keys, tensors }));
    return openModel(at(name));
  }

  it('experts are one by one, each a run of bytes of its own; those of older files have names already', async () => {
    const gate: GgufTensorOfTest = { name: 'blk.0.ffn_gate_exps.weight', type: 8, shape: [3, 2, 32], data: new Uint8Array(3 * 2 * 34) };
    const old = f32Tensor('blk.1.ffn_down.2.weight', [2, 2], [1, 2, 3, 4]);
    const { parameters, tensors } = await open('experts.gguf', keysOf('llama', ['llama.expert_count', 'u32', 3]), [gate, old]);
    assert.deepEqual(
      parameters.map(({ name, shape }) => [name, shape]),
      [
        ['model.layers.0.block_sparse_moe.experts.0.w1.weight', [2, 32]],
        ['model.layers.0.block_sparse_moe.experts.1.w1.weight', [2, 32]],
        ['model.layers.0.block_sparse_moe.experts.2.w1.weight', [2, 32]],
        ['model.layers.1.block_sparse_moe.experts.2.w2.weight', [2, 2]],
      ],
    );
    const { storage } = parameters[2]!;
    assert.ok(storage.kind === 'codes' && storage.recipe?.kind === 'blocks');
    assert.equal(storage.recipe.tensor.start, tensors[0]!.start + 2 * 68);
  });

  it('tables that the converter computed are no parameters', async () => {
    const model = await open('tables.gguf', keysOf('llama'), [f32Tensor('rope_freqs.weight', [4], [1, 1, 1, 1])]);
    assert.deepEqual([model.parameters, model.buffers.map(({ name }) => name)], [[], ['rope_freqs.weight']]);
  });

  it('what cannot be undone, and names that are not known, stay as they are and are said', async () => {
    const tensors = [f32Tensor('blk.0.attn_q.weight', [4, 2], [1, 2, 3, 4, 5, 6, 7, 8]), f32Tensor('blk.0.ssm_a', [2], [1, 2])];
    const model = await open('odd.gguf', keysOf('llama'), tensors);
    assert.deepEqual(codesOf(model.findings), ['gguf-unknown-names', 'gguf-changed-values']);
    assert.deepEqual(
      model.parameters.map(({ name }) => name),
      ['blk.0.attn_q.weight', 'blk.0.ssm_a'],
    );
  });

  it('two tensors never get one name', async () => {
    const stacked = f32Tensor('blk.0.ffn_up_exps.weight', [1, 2, 2], [1, 2, 3, 4]);
    const alone = f32Tensor('blk.0.ffn_up.0.weight', [2, 2], [1, 2, 3, 4]);
    const { parameters, findings } = await open('twice.gguf', keysOf('llama'), [stacked, alone]);
    assert.deepEqual(
      parameters.map(({ name }) => name),
      ['model.layers.0.block_sparse_moe.experts.0.w3.weight', 'blk.0.ffn_up.0.weight'],
    );
    assert.deepEqual(codesOf(findings), ['gguf-unknown-names']);
  });

  for (const [what, keys, code] of [
    ['an architecture that is not known', keysOf('mamba9'), 'gguf-architecture'],
    ['the vision part of a model', keysOf('clip', ['general.type', 'string', 'mmproj']), 'gguf-mmproj'],
    ['an adapter of weights whose rows are permuted', keysOf('llama', ['general.type', 'string', 'adapter']), 'gguf-adapter'],
  ] as const) {
    it(`${what} is named, and its tensors keep their names`, async () => {
      const model = await open(`${code}.gguf`, keys, [f32Tensor('blk.0.attn_q.weight.lora_a', [1, 2], [1, 2])]);
      assert.deepEqual(codesOf(model.findings), [code]);
      assert.equal(model.parameters[0]!.name, 'blk.0.attn_q.weight.lora_a');
    });
  }

  it('an adapter whose factors nothing was done to is one of PEFT: its change is compared, and added to a base', async () => {
    const keys = keysOf('qwen2', ['general.type', 'string', 'adapter'], ['adapter.lora.alpha', 'f32', 4]);
    const factors = [f32Tensor('blk.0.attn_q.weight.lora_a', [1, 2], [1, 2]), f32Tensor('blk.0.attn_q.weight.lora_b', [3, 1], [1, 0, 2])];
    const adapter = await open('peft.gguf', keys, factors);
    assert.deepEqual(
      [adapter.adapter?.format, adapter.adapter?.rank, adapter.adapter?.alpha, codesOf(adapter.findings)],
      ['peft', 1, 4, []],
    );
    await open('base.gguf', keysOf('qwen2'), [f32Tensor('blk.0.attn_q.weight', [3, 2], [0, 0, 0, 0, 0, 0])]);
    const report = await compareFiles(at('base.gguf'), `${at('base.gguf')}+${at('peft.gguf')}`);
    assert.deepEqual(
      report.tensors.map(({ name, normDelta }) => [name, normDelta]),
      [['model.layers.0.self_attn.q_proj.weight', Math.hypot(4, 8, 8, 16)]],
    );
  });

  it('settings are those that the metadata states, and no others are compared', async () => {
    const keys = keysOf(
      'qwen2',
      ['qwen2.block_count', 'u32', 2],
      ['qwen2.embedding_length', 'u32', 64],
      ['qwen2.attention.layer_norm_rms_epsilon', 'f32', 1e-6],
      ['qwen2.rope.freq_base', 'f32', 1_000_000],
      ['tokenizer.ggml.eos_token_id', 'u32', 7],
    );
    const { settings, config } = await open('settings.gguf', keys, [f32Tensor('token_embd.weight', [1, 1], [1])]);
    assert.deepEqual(settings?.values, {
      num_hidden_layers: 2,
      hidden_size: 64,
      rms_norm_eps: 0.000001,
      rope_parameters: { rope_theta: 1_000_000 },
      eos_token_id: 7,
    });
    assert.deepEqual([config?.modelType, config?.layerCount, config?.tiedEmbeddings], ['qwen2', 2, true]);
    const stated = { model_type: 'qwen2', num_hidden_layers: 2, hidden_size: 64, rms_norm_eps: 1e-5, rope_theta: 1e6, eos_token_id: 7 };
    assert.deepEqual(
      compareSettings(settings, readSettings({ ...stated, hidden_act: 'gelu' })).map(({ name }) => name),
      ['rms_norm_eps'],
    );
    assert.deepEqual(
      compareSettings(readSettings({ ...stated, model_type: 'qwen3' }), settings).map(({ name }) => name),
      ['model_type', 'rms_norm_eps'],
    );
  });

  it('says what the file says of itself', async () => {
    const keys = keysOf(
      'llama',
      ['general.name', 'string', 'Llama 3'],
      ['general.file_type', 'u32', 15],
      ['tokenizer.ggml.model', 'string', 'gpt2'],
      ['tokenizer.ggml.pre', 'string', 'llama-bpe'],
      ['tokenizer.ggml.tokens', 'array', 'string', Array.from({ length: 2000 }, (_, i) => `${i}`)],
    );
    const model = await open('described.gguf', keys, [f32Tensor('output_norm.weight', [1], [1])]);
    assert.deepEqual(describeGguf(ggufFactsOf(model)!), [
      ['GGUF architecture', 'llama'],
      ['Name', 'Llama 3'],
      ['Mostly', 'Q4_K_M'],
      ['Tokenizer', 'gpt2 (llama-bpe), 2,000 tokens'],
    ]);
  });
});

describe('GGUF files in a folder', () => {
  const at = temporaryFolder();
  const write = (name: string, tensor: string, ...more: readonly GgufKey[]): Promise<void> =>
    writeFile(at(name), buildGguf({ keys: keysOf('llama', ...more), tensors: [f32Tensor(tensor, [2], [1, 2])] }));

  it('parts of a split file are one model, quantisations beside each other are several', async () => {
    await write('m-Q4_K_M.gguf', 'output_norm.weight');
    await write('m-Q8_0-00001-of-00002.gguf', 'output_norm.weight', ['split.count', 'u16', 2]);
    await writeFile(at('m-Q8_0-00002-of-00002.gguf'), buildGguf({ keys: [], tensors: [f32Tensor('blk.0.attn_norm.weight', [1], [1])] }));
    const { paths } = await discoverCheckpoints(at());
    assert.deepEqual(paths, [at('m-Q4_K_M.gguf'), `${at()}#m-Q8_0`]);
    assert.deepEqual(paths.map(titleOf)[0], 'm-Q4_K_M');
    const model = await openModel(paths[1]!);
    assert.deepEqual(
      model.parameters.map(({ name }) => name),
      ['model.norm.weight', 'model.layers.0.input_layernorm.weight'],
    );
    assert.equal(model.shards.length, 2);
    await assert.rejects(openCheckpoint(at()), /several checkpoints[^]*m-Q4_K_M\.gguf/);
  });
});
