import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { checkpointParts, discoverCheckpoints, loadersOpen, openCheckpoint } from '../../../src/checkpoint/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { shardName } from '../../support/safetensorsFile.js';
import { codesOf, errorOf, filesOf, writeIndex, writeText, writeWeights } from '../../support/weightFolders.js';

const [first, second] = [shardName(0, 2), shardName(1, 2)];

describe('which files of a folder are the model', () => {
  it('model.safetensors, then the index, as transformers; the other answer is named', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second);
      await writeIndex(folder, 'model.safetensors.index.json', first, second);
      const sharded = await openCheckpoint(folder);
      assert.deepEqual([filesOf(sharded), codesOf(sharded)], [[first, second], []]);
      await writeWeights(folder, 'model.safetensors');
      const single = await openCheckpoint(folder);
      assert.deepEqual([filesOf(single), codesOf(single)], [['model.safetensors'], ['loaders-disagree']]);
      const { message } = single.findings[0]!;
      assert.match(
        message,
        /transformers opens model\.safetensors, vLLM, SGLang and diffusers the shards of model\.safetensors\.index\.json/,
      );
      const other = /name (\S+) for the other/.exec(message)![1]!;
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#model`)), ['model.safetensors']);
      assert.deepEqual(filesOf(await openCheckpoint(other)), [first, second]);
    }));

  it('never others in the place of what is there and cannot be read', async function () {
    if (process.platform === 'win32') this.skip();
    await inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'consolidated.safetensors');
      await symlink('../blobs/none', join(folder, 'model.safetensors'));
      assert.match((await errorOf(folder)).message, /model\.safetensors: no file: a link that leads nowhere/);
      await writeWeights(folder, first, second);
      await writeIndex(folder, 'model.safetensors.index.json', first, second);
      assert.deepEqual(filesOf(await openCheckpoint(folder)), [first, second]); // as transformers, which asks for a file
    });
    await inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second);
      execFileSync('mkfifo', [join(folder, 'model.safetensors.index.json')]);
      assert.match((await errorOf(folder)).message, /model\.safetensors\.index\.json: not a regular file/);
      assert.deepEqual(filesOf(await openCheckpoint(join(folder, first))), [first]);
    });
  });

  it('an index of model.safetensors itself, as mlx-lm writes it', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'model.safetensors');
      await writeIndex(folder, 'model.safetensors.index.json', 'model.safetensors');
      const checkpoint = await openCheckpoint(folder);
      assert.deepEqual([filesOf(checkpoint), codesOf(checkpoint)], [['model.safetensors'], []]);
      assert.deepEqual((await discoverCheckpoints(folder)).paths, [folder]);
    }));

  it('diffusers takes an index before a single file', () =>
    inTemporaryFolder(async (folder) => {
      const stem = 'diffusion_pytorch_model';
      const shards = [1, 2].map((number) => `${stem}-0000${number}-of-00002.safetensors`);
      await writeWeights(folder, `${stem}.safetensors`, ...shards);
      await writeIndex(folder, `${stem}.safetensors.index.json`, ...shards);
      assert.deepEqual(filesOf(await openCheckpoint(folder)), shards);
    }));

  it('the file that config.json names as transformers_weights, within the folder only', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'model.safetensors', 'tuned.safetensors', 'inner/deep.safetensors');
      const opened = async (named: string): Promise<string[]> => {
        await writeText(join(folder, 'config.json'), JSON.stringify({ transformers_weights: named }));
        return filesOf(await openCheckpoint(folder));
      };
      assert.deepEqual(await opened('tuned.safetensors'), ['tuned.safetensors']);
      assert.deepEqual(await opened('inner/deep.safetensors'), ['inner/deep.safetensors']);
      assert.deepEqual(await opened('../elsewhere.safetensors'), ['model.safetensors']);
      await writeText(join(folder, 'config.json'), '{"transformers_weights": "gone.safetensors"}');
      assert.match((await errorOf(folder)).message, /names a file that is not there/);
    }));

  for (const [what, index] of [
    ['of a build with another number of shards', shardName(0, 13)],
    ['of the shards that one file replaced', first],
  ] as const) {
    it(`a stale index ${what} is left out, and said to be`, () =>
      inTemporaryFolder(async (folder) => {
        const whole = index === first ? ['model.safetensors'] : [first, second];
        await writeWeights(folder, ...whole);
        await writeIndex(folder, 'model.safetensors.index.json', index);
        const checkpoint = await openCheckpoint(folder);
        assert.deepEqual(filesOf(checkpoint), whole);
        assert.equal(codesOf(checkpoint)[0], 'index-stale');
        assert.match((await errorOf(join(folder, 'model.safetensors.index.json'))).message, /index names a file that is not there/);
      }));
  }

  it('an index some of whose shards are there is a download that has not ended', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, 'other.safetensors');
      await writeIndex(folder, 'model.safetensors.index.json', first, second);
      assert.match(
        (await errorOf(folder)).message,
        /Found 1 of 2 files\. Finish the download.* Or open what else is there: .*other\.safetensors/,
      );
    }));

  it('an index that cannot be read is never guessed around, but for model.safetensors, which no loader reads it for', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second);
      await writeText(join(folder, 'model.safetensors.index.json'), '{"weight_map"');
      const { message } = await errorOf(folder);
      assert.match(message, /index is not valid JSON.* Or open what else is there: .*#model-of-2/);
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#model-of-2`)), [first, second]);
      await writeWeights(folder, 'model.safetensors');
      const checkpoint = await openCheckpoint(folder);
      assert.deepEqual(filesOf(checkpoint), ['model.safetensors']);
      assert.deepEqual(codesOf(checkpoint).sort(), ['index-stale', 'loaders-disagree']);
    }));

  it('shards of two builds without an index: the whole one, or neither', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second, shardName(0, 3), shardName(2, 3));
      assert.deepEqual(filesOf(await openCheckpoint(folder)), [first, second]);
      await writeWeights(folder, shardName(1, 3));
      assert.match((await errorOf(folder)).message, /several checkpoints.*#model-of-2 and .*#model-of-3/);
    }));

  it('a folder is given to others as it is only where all of them open the same files', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second);
      assert.equal(await loadersOpen(folder, [first, second]), false, 'without an index');
      await writeIndex(folder, 'model.safetensors.index.json', first, second);
      assert.equal(await loadersOpen(folder, [first, second]), true);
      await writeWeights(folder, 'model.fp16.safetensors');
      assert.equal(await loadersOpen(folder, [first, second]), true, 'a variant beside it');
      assert.equal(await loadersOpen(folder, ['model.fp16.safetensors']), false);
      await writeWeights(folder, 'model.safetensors');
      assert.equal(await loadersOpen(folder, ['model.safetensors']), false, 'where loaders disagree');
      await writeWeights(folder, 'tuned/model.safetensors');
      assert.equal(await loadersOpen(join(folder, 'tuned'), ['model.safetensors']), true);
      await writeText(join(folder, 'tuned/adapter_config.json'), '{}');
      assert.equal(await loadersOpen(join(folder, 'tuned'), ['model.safetensors']), false, 'an adapter goes on top');
    }));

  it('shards whose names differ in more than the number are other saves', () =>
    inTemporaryFolder(async (folder) => {
      const underscores = [1, 2].map((number) => `model_0000${number}-of-00002.safetensors`);
      await writeWeights(folder, first, second, ...underscores);
      const { message } = await errorOf(folder);
      assert.match(message, /#model-\*-of-00002\.safetensors and .*#model_\*-of-00002\.safetensors\. To read files as one .*#\*/);
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#model_*-of-00002.safetensors`)), underscores);
    }));

  it("Mistral's consolidated file beside Hugging Face's shards is a checkpoint of its own", () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'consolidated.safetensors', first, second);
      await writeText(join(folder, 'params.json'), '{}');
      const checkpoint = await openCheckpoint(folder);
      assert.deepEqual(
        [filesOf(checkpoint), codesOf(checkpoint)],
        [
          [first, second],
          ['index-missing', 'other-weights'],
        ],
      );
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#consolidated`)), ['consolidated.safetensors']);
    }));

  it('variants, by their name', () =>
    inTemporaryFolder(async (folder) => {
      const stem = 'diffusion_pytorch_model';
      const half = [1, 2].map((number) => `${stem}.fp16-0000${number}-of-00002.safetensors`);
      await writeWeights(folder, `${stem}.safetensors`, ...half, `${stem}.fp8.safetensors`);
      await writeIndex(folder, `${stem}.safetensors.index.fp16.json`, ...half);
      assert.deepEqual(filesOf(await openCheckpoint(folder)), [`${stem}.safetensors`]);
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#fp16`)), half);
      assert.deepEqual(filesOf(await openCheckpoint(join(folder, `${stem}.safetensors.index.fp16.json`))), half);
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#fp8`)), [`${stem}.fp8.safetensors`]);
      assert.match((await errorOf(`${folder}#fp4`)).message, /no part called fp4.* Name one of these/);
    }));

  it('an index by any name, and shards in folders below it', () =>
    inTemporaryFolder(async (folder) => {
      const shards = ['a/vision.safetensors', 'text.safetensors'];
      await writeWeights(folder, ...shards);
      await writeIndex(folder, 'weights.json', ...shards);
      const checkpoint = await openCheckpoint(join(folder, 'weights.json'));
      assert.deepEqual([filesOf(checkpoint), checkpoint.folder, checkpoint.findings], [shards, folder, []]);
      await writeText(join(folder, 'config.json'), '{}');
      assert.match((await errorOf(join(folder, 'config.json'))).message, /no index of weights.* Name the folder/);
    }));

  it('a name with # is a name where it exists', () =>
    inTemporaryFolder(async (folder) => {
      const models = join(folder, 'c#', 'run#2');
      await writeWeights(models, 'model.safetensors', 'model.fp16.safetensors', 'x#fp16.safetensors');
      assert.deepEqual(filesOf(await openCheckpoint(models)), ['model.safetensors']);
      assert.deepEqual(filesOf(await openCheckpoint(`${models}#fp16`)), ['model.fp16.safetensors']);
      assert.deepEqual(filesOf(await openCheckpoint(join(models, 'x#fp16.safetensors'))), ['x#fp16.safetensors']);
      assert.match((await errorOf(`${folder}/none#fp16`)).message, /none#fp16: no such file or folder/);
      assert.match((await errorOf(join(models, 'model.safetensors#a'))).message, /no part called a.* Leave the part out/);
    }));

  it('the parts of a pipeline, and their variants', () =>
    inTemporaryFolder(async (folder) => {
      const pipeline = join(folder, 'pipe');
      await writeText(
        join(pipeline, 'model_index.json'),
        JSON.stringify({
          ...{ _class_name: 'P', unet: ['diffusers', 'U'], text: ['transformers', 'T'], scheduler: ['diffusers', 'S'] },
          ...{ vae: ['diffusers', 'V'], tokenizer: ['transformers', 'CLIPTokenizer'], safety_checker: [null, null] },
        }),
      );
      await writeText(join(pipeline, 'scheduler/scheduler_config.json'), '{}');
      await writeWeights(pipeline, 'unet/diffusion_pytorch_model.safetensors', 'unet/diffusion_pytorch_model.fp16.safetensors');
      await writeWeights(pipeline, 'text/model.safetensors', 'lora/lora.safetensors');
      assert.deepEqual((await checkpointParts(pipeline))?.absent, ['vae']);
      assert.match((await errorOf(pipeline)).message, /pipeline of several models.*pipe#text and .*pipe#unet/);
      const unet = await openCheckpoint(`${pipeline}#unet`);
      assert.deepEqual([unet.name, unet.folder], ['pipe#unet', join(pipeline, 'unet')]);
      assert.deepEqual(filesOf(await openCheckpoint(`${pipeline}#unet#fp16`)), ['diffusion_pytorch_model.fp16.safetensors']);
      assert.deepEqual(
        (await discoverCheckpoints(folder)).paths.map((path) => relative(folder, path)),
        ['pipe/lora/lora.safetensors', 'pipe#text', 'pipe#unet', 'pipe/unet/diffusion_pytorch_model.fp16.safetensors'],
      );
    }));
});
