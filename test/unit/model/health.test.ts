import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dtype } from '../../../src/checkpoint/index.js';
import { openModel } from '../../../src/model/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import {
  buildRawSafetensors,
  shardName,
  writeSafetensors,
  writeShardedCheckpoint,
  type TensorToWrite,
} from '../../support/safetensorsFile.js';
import type { Model } from '../../../src/model/index.js';

const indexName = 'model.safetensors.index.json';
const tensor = (name: string, shape: number[] = [2], dtype: Dtype = 'F32'): TensorToWrite => ({ name, dtype, shape });
const layer = (number: number, dtype: Dtype = 'F32'): TensorToWrite => tensor(`model.layers.${number}.mlp.weight`, [2], dtype);

interface Index {
  metadata: Record<string, unknown>;
  weight_map: Record<string, string>;
}

async function editIndex(folder: string, edit: (index: Index) => void): Promise<void> {
  const path = join(folder, indexName);
  const index = JSON.parse(await readFile(path, 'utf8')) as Index;
  edit(index);
  await writeFile(path, JSON.stringify(index));
}

function findingsOf({ findings }: Model): string[] {
  return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

/** Findings of a single file with these tensors, beside this `config.json`. */
function inspect(tensors: readonly TensorToWrite[], config?: unknown): Promise<string[]> {
  return inTemporaryFolder(async (folder) => {
    await writeSafetensors(join(folder, 'model.safetensors'), tensors);
    if (config !== undefined) await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
    return findingsOf(await openModel(folder));
  });
}

describe('findings about an index', () => {
  const sharded = (
    edit: (index: Index) => void,
    shards: readonly (readonly TensorToWrite[])[] = [[tensor('a')], [tensor('b')]],
  ): Promise<Model> =>
    inTemporaryFolder(async (folder) => {
      await writeShardedCheckpoint(folder, shards);
      await editIndex(folder, edit);
      return openModel(folder);
    });

  it('a tensor that no shard holds', async () => {
    const opened = await sharded((index) => (index.weight_map['c'] = shardName(0, 2)));
    assert.deepEqual(findingsOf(opened), [
      'error index-tensor-absent: The index names 1 tensor that no shard holds: "c". Save the model again so that its index is rewritten.',
    ]);
    assert.equal(opened.findings[0]?.tensor, 'c');
  });

  it('a tensor that the index does not name; it is read all the same', async () => {
    const opened = await sharded((index) => delete index.weight_map['b'], [[tensor('a')], [tensor('b'), tensor('c')]]);
    assert.deepEqual(findingsOf(opened), [
      'warning index-tensor-unlisted: The shards hold 1 tensor that the index does not name: "b". Save the model again so that its index is rewritten.',
    ]);
    assert.deepEqual(
      opened.tensors.map(({ name }) => name),
      ['a', 'b', 'c'],
    );
  });

  it('a tensor in another shard than the index says', async () => {
    const opened = await sharded((index) => (index.weight_map['c'] = shardName(0, 2)), [[tensor('a')], [tensor('b'), tensor('c')]]);
    assert.deepEqual(findingsOf(opened), [
      'warning index-wrong-shard: 1 tensor in another shard than the index says, read from there: "c". Save the model again so that its index is rewritten.',
    ]);
    assert.equal(opened.tensors.find(({ name }) => name === 'c')?.shard, 1);
  });

  it('a wrong total_size', async () => {
    const opened = await sharded((index) => (index.metadata['total_size'] = 17));
    assert.deepEqual(findingsOf(opened), [
      'warning index-total-size: The index says total_size 17, but the shards hold 16 bytes of tensors. Save the model again so that its index is rewritten.',
    ]);
  });

  it('no total_size is no finding', async () => {
    assert.deepEqual(findingsOf(await sharded((index) => (index.metadata = {}))), []);
  });

  it('two shards with one tensor: the copy that the index names is used', async () => {
    const opened = await sharded(
      (index) => (index.metadata = {}),
      [
        [tensor('a'), tensor('twice', [3])],
        [tensor('b'), tensor('twice', [4])],
      ],
    );
    assert.deepEqual(findingsOf(opened), [
      `error tensor-in-several-shards: "twice" is in 2 shards (${shardName(0, 2)}, ${shardName(1, 2)}). The copy in ${shardName(1, 2)} is used; remove the other.`,
    ]);
    assert.deepEqual(
      opened.tensors.filter(({ name }) => name === 'twice').map(({ shape, shard }) => [shape, shard]),
      [[[4], 1]],
    );
  });

  it('files beside the shards', () =>
    inTemporaryFolder(async (folder) => {
      await writeShardedCheckpoint(folder, [[tensor('a')]]);
      await writeSafetensors(join(folder, 'consolidated.safetensors'), [tensor('a')]);
      assert.deepEqual(findingsOf(await openModel(folder)), [
        `info other-weights: The folder also holds other checkpoints: ${join(folder, 'consolidated.safetensors')}.`,
      ]);
    }));
});

describe('findings about a header', () => {
  it('a name listed twice', () =>
    inTemporaryFolder(async (folder) => {
      const entry = '"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';
      const path = join(folder, 'model.safetensors');
      await writeFile(path, buildRawSafetensors(`{${entry},${entry}}`, new Uint8Array(8)));
      assert.deepEqual(findingsOf(await openModel(path)), [
        'error header-repeated-name: The header lists 1 name more than once: "w". The last entry is used, as safetensors does.',
      ]);
    }));

  it('no tensors at all', async () => {
    assert.deepEqual(await inspect([]), ['warning no-tensors: The file is valid but holds no tensors.']);
  });

  it('dtypes whose values are not read', async () => {
    assert.deepEqual(await inspect([tensor('a', [2], 'C64'), tensor('b', [1], 'F8_E4M3FNUZ'), tensor('c')]), [
      'info dtype-listed-only: 2 tensors of dtype C64, F8_E4M3FNUZ: named and sized, their values are not read.',
    ]);
  });

  it('codes of no known scheme', async () => {
    assert.deepEqual(await inspect([tensor('a', [2], 'F4'), tensor('b', [1], 'F8_E8M0'), tensor('c')]), [
      'warning unknown-codes: 2 weights stored as codes of an unknown scheme, or with a part missing: "a", "b". They are compared as bytes and counted in no total. Check that the download or export is complete, and that the files beside the weights are theirs.',
    ]);
  });

  it('a module stored in another dtype in one layer, but not one that differs everywhere', async () => {
    const norms = [0, 1, 2].map((number) => tensor(`model.layers.${number}.norm.weight`, [2], 'F32'));
    assert.deepEqual(await inspect([layer(0, 'BF16'), layer(1, 'BF16'), layer(2, 'F16'), ...norms]), [
      'info dtype-outlier: 1 tensor stored in another dtype than the same module of most layers: "model.layers.2.mlp.weight (F16)".',
    ]);
    assert.deepEqual(await inspect([layer(0, 'BF16'), layer(1, 'F16'), ...norms]), []);
  });
});

describe('findings about layers', () => {
  it('a gap', async () => {
    assert.deepEqual(await inspect([layer(0), layer(1), layer(3)]), [
      'error layers-missing: model.layers has 3 layers and lacks layer 2. Check that the download or export is complete.',
    ]);
  });

  it('fewer than config.json says', async () => {
    assert.deepEqual(await inspect([layer(0), layer(1)], { num_hidden_layers: 4 }), [
      'error layers-missing: model.layers has 2 layers and lacks layers 2, 3; config.json says 4. Check that the download or export is complete.',
    ]);
  });

  it('more than config.json says, which some architectures mean', async () => {
    assert.match(
      (await inspect([layer(0), layer(1)], { num_hidden_layers: 1 })).join(),
      /^info layers-more-than-config: model\.layers has 2 layers, config\.json says 1/,
    );
  });

  it('counts the language stack of a multimodal model, not the vision stack', async () => {
    const vision = tensor('model.visual.blocks.0.mlp.weight');
    assert.deepEqual(await inspect([layer(0), layer(1), vision], { text_config: { num_hidden_layers: 2 } }), []);
  });

  it('is silent about a single shard and about adapters, which hold a part only', async () => {
    assert.deepEqual(await inspect([tensor('model.layers.20.self_attn.q_proj.lora_a')], { num_hidden_layers: 24 }), []);
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, shardName(1, 2));
      await writeSafetensors(path, [layer(5)]);
      assert.deepEqual(findingsOf(await openModel(path)), [
        `warning one-shard: This is one shard of 2. Name ${folder} for the whole checkpoint.`,
      ]);
    });
  });

  it('survives an absurd layer number', async () => {
    assert.deepEqual(await inspect([tensor('model.layers.99999999999999999999.mlp.weight')]), []);
  });
});

describe('findings about config.json', () => {
  const embedding = (rows: number, columns: number): TensorToWrite[] => [tensor('model.embed_tokens.weight', [rows, columns])];

  it('another hidden size', async () => {
    assert.match(
      (await inspect(embedding(10, 4), { hidden_size: 8, vocab_size: 10 })).join(),
      /^error config-hidden-size: The token embedding has 4 columns, config\.json says hidden_size 8/,
    );
  });

  it('no finding where embeddings are projected to the hidden size', async () => {
    assert.deepEqual(await inspect([...embedding(10, 4), tensor('model.layers.0.norm.weight', [8])], { hidden_size: 8 }), []);
  });

  it('fewer rows than the vocabulary is an error, more is padding', async () => {
    assert.match(
      (await inspect(embedding(9, 4), { vocab_size: 10 })).join(),
      /^error config-vocabulary: The token embedding has 9 rows, config\.json says vocab_size 10: tokens are missing/,
    );
    assert.match((await inspect(embedding(16, 4), { vocab_size: 10 })).join(), /^info config-vocabulary: .* the rest is padding/);
  });

  it('broken: the weights open without it', async () => {
    for (const text of ['{', '[]', 'null', ''])
      assert.match((await inspect([tensor('a')], text)).join(), /^warning config-unreadable: config\.json cannot be used/);
  });

  it('values of odd types are left out', () =>
    inTemporaryFolder(async (folder) => {
      await writeSafetensors(join(folder, 'model.safetensors'), [tensor('a')]);
      await writeFile(
        join(folder, 'config.json'),
        '{"hidden_size":"big","num_hidden_layers":-1,"vocab_size":1.5,"architectures":[],"model_type":null,"text_config":{"hidden_size":8,"tie_word_embeddings":false}}',
      );
      const { config, findings } = await openModel(folder);
      assert.deepEqual(config, {
        modelType: null,
        architecture: null,
        hiddenSize: 8,
        layerCount: null,
        vocabularySize: null,
        tiedEmbeddings: false,
      });
      assert.deepEqual(findings, []);
    }));
});

describe('findings about where text ends', () => {
  const inspectStops = (config: object, generation: object | string): Promise<string[]> =>
    inTemporaryFolder(async (folder) => {
      await writeSafetensors(join(folder, 'model.safetensors'), [tensor('a')]);
      await writeFile(join(folder, 'config.json'), JSON.stringify(config));
      await writeFile(join(folder, 'generation_config.json'), typeof generation === 'string' ? generation : JSON.stringify(generation));
      return findingsOf(await openModel(folder));
    });

  it('config.json and generation_config.json that name other tokens', async () => {
    const told = 'transformers goes by generation_config.json; a program that reads config.json alone ends text elsewhere.';
    assert.deepEqual(await inspectStops({ eos_token_id: 2 }, { eos_token_id: [2, 7] }), [
      `info stop-tokens-differ: config.json ends generated text at token 2, generation_config.json at 2, 7. ${told}`,
    ]);
    assert.deepEqual(await inspectStops({ text_config: { eos_token_id: [3] } }, { eos_token_id: 7 }), [
      `warning stop-tokens-differ: config.json ends generated text at token 3, generation_config.json at 7. ${told}`,
    ]);
  });

  it('none where they agree, or one of them says nothing', async () => {
    assert.deepEqual(await inspectStops({ eos_token_id: [7, 2] }, { eos_token_id: [2, 7] }), []);
    assert.deepEqual(await inspectStops({ model_type: 'llama' }, { eos_token_id: 7 }), []);
    assert.deepEqual(await inspectStops({ eos_token_id: 2 }, { top_p: 0.5 }), [
      'warning stop-tokens-differ: config.json ends generated text at token 2, generation_config.json at none. transformers goes by generation_config.json; a program that reads config.json alone ends text elsewhere.',
    ]);
  });

  it('a generation_config.json that cannot be read', async () => {
    const [finding] = await inspectStops({ eos_token_id: 2 }, '{"eos_token_id": ');
    assert.match(finding!, /^warning generation-config-unreadable: generation_config\.json cannot be used: /);
  });
});
