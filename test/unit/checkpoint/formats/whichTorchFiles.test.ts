import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { discoverCheckpoints, openCheckpoint } from '../../../../src/checkpoint/index.js';
import { openModel } from '../../../../src/model/index.js';
import { countParameters } from '../../../../src/model/parameters/index.js';
import { planComparison } from '../../../../src/compare/planComparison.js';
import { inTemporaryFolder } from '../../../support/inTemporaryFolder.js';
import { writeSafetensors } from '../../../support/safetensorsFile.js';
import { writeTorchFile } from '../../../support/torchFile.js';
import { codesOf, errorOf, filesOf, writeIndex, writeText, writeWeights } from '../../../support/weightFolders.js';

const foundIn = async (folder: string): Promise<string[]> =>
  (await discoverCheckpoints(folder)).paths.map((path) => path.slice(folder.length));

describe('PyTorch files of a folder', () => {
  const cases: readonly (readonly [what: string, files: readonly string[], opened: readonly string[] | null, listed: readonly string[]])[] =
    [
      ['safetensors first', ['model.safetensors', 'pytorch_model.bin'], ['model.safetensors'], ['']],
      ['the same model twice under any name', ['x.safetensors', 'x.bin', 'config.json'], ['x.safetensors'], ['']],
      [
        'a model beside training state',
        ['pytorch_model.bin', 'training_args.bin', 'optimizer.pt', 'scheduler.pt', 'rng_state_0.pth', 'scaler.pt', 'random_states_0.pkl'],
        ['pytorch_model.bin'],
        [''],
      ],
      ['an adapter', ['adapter_model.bin', 'adapter_config.json'], ['adapter_model.bin'], ['']],
      ['a LoRA of diffusers', ['pytorch_lora_weights.bin'], ['pytorch_lora_weights.bin'], ['/pytorch_lora_weights.bin']],
      ["Llama's own format", ['consolidated.00.pth', 'params.json'], ['consolidated.00.pth'], ['']],
      ['two checkpoints', ['a.pt', 'b.pt'], null, ['/a.pt', '/b.pt']],
      ['one checkpoint', ['last.ckpt'], ['last.ckpt'], ['/last.ckpt']],
    ];
  for (const [what, files, opened, listed] of cases)
    it(what, () =>
      inTemporaryFolder(async (folder) => {
        await writeWeights(folder, ...files.filter((name) => !name.endsWith('.json')));
        for (const name of files) if (name.endsWith('.json')) await writeText(join(folder, name), '{}');
        assert.deepEqual(await foundIn(folder), listed);
        if (opened === null) assert.match((await errorOf(folder)).message, /several checkpoints/);
        else assert.deepEqual(filesOf(await openCheckpoint(folder)), opened);
      }),
    );

  it('shards with an index', () =>
    inTemporaryFolder(async (folder) => {
      const shards = ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'];
      await writeWeights(folder, ...shards);
      await writeIndex(folder, 'pytorch_model.bin.index.json', ...shards);
      const checkpoint = await openCheckpoint(folder);
      assert.deepEqual([filesOf(checkpoint), codesOf(checkpoint)], [shards, []]);
    }));

  it('transformers opens them before shards without an index, and a warning says so', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', 'pytorch_model.bin');
      const checkpoint = await openCheckpoint(folder);
      assert.deepEqual([filesOf(checkpoint), codesOf(checkpoint)], [['pytorch_model.bin'], ['loaders-disagree']]);
      assert.equal((await openCheckpoint(`${folder}#model`)).shards.length, 2);
    }));

  it('what only ends like them is not listed, and says what it is when it is named', () =>
    inTemporaryFolder(async (folder) => {
      await writeText(join(folder, 'firmware.bin'), 'just bytes of another kind');
      await writeWeights(folder, 'real.pt');
      assert.deepEqual(await foundIn(folder), ['/real.pt']);
      assert.match((await errorOf(join(folder, 'firmware.bin'))).message, /not a PyTorch file, but text/);
    }));

  it('hundreds of them are data, which are not looked into, and that is said', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'latents'));
      for (let i = 0; i < 201; i++) await writeFile(join(folder, 'latents', `${i}.pt`), 'x');
      const { paths, findings } = await discoverCheckpoints(folder);
      assert.deepEqual([paths, findings.map(({ code }) => code)], [[], ['discovery-unknown-files']]);
    }));

  it('slices for several GPUs are refused with the reason, one alone is not', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'consolidated.00.pth', 'consolidated.01.pth');
      await writeText(join(folder, 'params.json'), '{}');
      assert.deepEqual(await foundIn(folder), []);
      assert.match((await errorOf(folder)).message, /2 slices of every tensor/);
    }));

  it('empty tensors of ZeRO stage 3 are refused', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'mp_rank_00_model_states.pt');
      await writeTorchFile(path, [{ name: 'w', dtype: 'F32', shape: [0] }]);
      assert.match((await errorOf(path)).message, /ZeRO stage 3.*zero_to_fp32\.py/);
    }));
});

describe('tied weights of PyTorch files', () => {
  const embedding = { name: 'model.embed_tokens.weight', dtype: 'F32', shape: [4, 2], key: '0' } as const;

  it('are one parameter, and no difference to a file that has them once', () =>
    inTemporaryFolder(async (folder) => {
      const [torch, plain] = [join(folder, 'a.bin'), join(folder, 'b.safetensors')];
      await writeTorchFile(torch, [embedding, { ...embedding, name: 'lm_head.weight' }]);
      await writeSafetensors(plain, [{ name: embedding.name, dtype: 'F32', shape: [4, 2] }]);
      const [tied, single] = [await openModel(torch), await openModel(plain)];
      assert.equal(countParameters(tied.parameters).count, 8);
      const treatments = planComparison(single, tied, { prefixMap: null, map: [] }).pairs.map(({ treatment }) => treatment.kind);
      assert.deepEqual(treatments, ['compare']);
    }));

  it('are compared each where the other version has two weights', () =>
    inTemporaryFolder(async (folder) => {
      const [torch, plain] = [join(folder, 'a.bin'), join(folder, 'b.safetensors')];
      await writeTorchFile(torch, [embedding, { ...embedding, name: 'lm_head.weight' }]);
      await writeSafetensors(
        plain,
        [embedding.name, 'lm_head.weight'].map((name) => ({ name, dtype: 'F32', shape: [4, 2] })),
      );
      const [tied, untied] = [await openModel(torch), await openModel(plain)];
      const treatments = planComparison(tied, untied, { prefixMap: null, map: [] }).pairs.map(({ treatment }) => treatment.kind);
      assert.deepEqual(treatments, ['compare', 'compare']);
    }));
});
