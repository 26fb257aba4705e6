import assert from 'node:assert/strict';
import { chmod, link, mkdir, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../../src/model/index.js';
import { countParameters } from '../../../src/model/parameters/index.js';
import { buildSafetensors, writeSafetensors, writeShardedCheckpoint, type TensorToWrite } from '../../support/safetensorsFile.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { withoutPrivileges } from '../../support/withoutPrivileges.js';
import { FileAccessError, FormatError } from '../../../src/base/formatError.js';

const f32 = (name: string, ...shape: number[]): TensorToWrite => ({ name, dtype: 'F32', shape });

async function faultOf(path: string): Promise<FormatError | FileAccessError> {
  const error: unknown = await openModel(path).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FormatError || error instanceof FileAccessError, `an error about a file is expected, not ${String(error)}`);
  assert.notEqual(error.fault.remedy, '');
  return error;
}

async function writeIndex(folder: string, weightMap: Record<string, unknown>, name = 'model.safetensors.index.json'): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify({ metadata: {}, weight_map: weightMap }));
}

describe('opening a checkpoint', () => {
  it('a single file: tensors, shard, metadata and name', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'before.safetensors');
      await writeSafetensors(path, [f32('a', 2, 3), { name: 'b', dtype: 'BF16', shape: [4] }], { metadata: { format: 'pt' } });
      const { dev, ino, size, mtimeMs } = await stat(path);
      const checkpoint = await openModel(path);
      assert.deepEqual([checkpoint.path, checkpoint.name, checkpoint.config, checkpoint.findings], [path, 'before', null, []]);
      const [shard] = checkpoint.shards;
      assert.deepEqual(
        { ...shard, modifiedAt: 0 },
        { path, format: 'safetensors', byteLength: size, identity: `${dev}:${ino}`, modifiedAt: 0, metadata: { format: 'pt' } },
      );
      assert.ok(Math.abs((shard?.modifiedAt ?? 0) - mtimeMs) < 1);
      const start = size - 32;
      assert.deepEqual(checkpoint.tensors, [
        { name: 'a', dtype: 'F32', shape: [2, 3], elementCount: 6, shard: 0, start, byteLength: 24 },
        { name: 'b', dtype: 'BF16', shape: [4], elementCount: 4, shard: 0, start: start + 24, byteLength: 8 },
      ]);
      assert.deepEqual(countParameters(checkpoint.parameters), { count: 10, uncountedWeights: 0 });
    }));

  it('a folder with one file, whatever its name, and its config.json', () =>
    inTemporaryFolder(async (folder) => {
      const model = join(folder, 'gpt2-small');
      await writeSafetensors(join(model, 'weights.safetensors'), [f32('wte.weight', 7, 4)]);
      await writeFile(
        join(model, 'config.json'),
        '{"model_type":"gpt2","architectures":["GPT2LMHeadModel"],"n_embd":4,"vocab_size":7,"tie_word_embeddings":true}',
      );
      const { name, config, findings } = await openModel(model);
      assert.equal(name, 'gpt2-small');
      assert.deepEqual(config, {
        modelType: 'gpt2',
        architecture: 'GPT2LMHeadModel',
        hiddenSize: 4,
        layerCount: null,
        vocabularySize: 7,
        tiedEmbeddings: true,
      });
      assert.deepEqual(findings, []);
    }));

  it('shards with their index, by the folder or by the index file, whatever the index is called', () =>
    inTemporaryFolder(async (folder) => {
      await writeShardedCheckpoint(folder, [[f32('b', 1), f32('a', 2)], [f32('c', 3)]]);
      const byFolder = await openModel(folder);
      assert.deepEqual(
        byFolder.tensors.map(({ name, shard }) => [name, shard]),
        [
          ['b', 0],
          ['a', 0],
          ['c', 1],
        ],
      );
      assert.deepEqual(byFolder.findings, []);
      const byIndex = await openModel(join(folder, 'model.safetensors.index.json'));
      assert.deepEqual([byIndex.tensors, byIndex.name], [byFolder.tensors, `${byFolder.name}/model.index`]);
      await inTemporaryFolder(async (other) => {
        await writeSafetensors(join(other, 'x.safetensors'), [f32('a', 1)]);
        await writeIndex(other, { a: 'x.safetensors' }, 'diffusion_model.safetensors.index.json');
        assert.equal((await openModel(other)).tensors.length, 1);
      });
    }));

  it('shards without an index, with a warning; a missing one is an error to be seen', () =>
    inTemporaryFolder(async (folder) => {
      await writeSafetensors(join(folder, 'model-00001-of-00003.safetensors'), [f32('a', 1)]);
      await writeSafetensors(join(folder, 'model-00003-of-00003.safetensors'), [f32('c', 1)]);
      const { tensors, findings } = await openModel(folder);
      assert.deepEqual(
        tensors.map(({ name }) => name),
        ['a', 'c'],
      );
      assert.deepEqual(
        findings.map(({ code, severity }) => [code, severity]),
        [
          ['index-missing', 'warning'],
          ['shard-missing', 'error'],
        ],
      );
      assert.match(findings[1]?.message ?? '', /model-00002-of-00003\.safetensors/);
    }));

  it('several files without an index as one only when their pattern is named', () =>
    inTemporaryFolder(async (folder) => {
      await writeSafetensors(join(folder, 'encoder.safetensors'), [f32('a', 1)]);
      await writeSafetensors(join(folder, 'decoder.safetensors'), [f32('b', 1)]);
      assert.match(
        (await faultOf(folder)).message,
        /several checkpoints.*Name one of them: .*decoder\.safetensors and .*encoder\.safetensors/,
      );
      assert.deepEqual(
        (await openModel(`${folder}#*coder*`)).tensors.map(({ name }) => name),
        ['b', 'a'],
      );
      await writeSafetensors(join(folder, 'after.safetensors'), [f32('a', 1)]);
      assert.match(
        (await faultOf(`${folder}#*`)).message,
        /several checkpoints.*"a" in after\.safetensors and encoder\.safetensors.*Name one of the files/,
      );
    }));

  it('model.safetensors where other files lie beside it', () =>
    inTemporaryFolder(async (folder) => {
      await writeSafetensors(join(folder, 'model.safetensors'), [f32('a', 1)]);
      await writeSafetensors(join(folder, 'adapter_model.safetensors'), [f32('a', 1)]);
      assert.equal((await openModel(folder)).shards.length, 1);
    }));

  it('hard links and symbolic links have the identity of the file behind', () =>
    inTemporaryFolder(async (folder) => {
      const paths = ['a', 'hard', 'soft'].map((name) => join(folder, `${name}.safetensors`)) as [string, string, string];
      await writeSafetensors(paths[0], [f32('a', 1)]);
      await link(paths[0], paths[1]);
      await symlink('a.safetensors', paths[2]);
      const opened = await Promise.all(paths.map((path) => openModel(path)));
      assert.equal(new Set(opened.map(({ shards }) => shards[0]?.identity)).size, 1);
      assert.deepEqual(
        opened.map(({ shards }) => shards[0]?.path),
        paths,
      );
    }));

  it('500 GB in a sparse file, within a second', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'large.safetensors');
      const rows = 122_070_313;
      const header = buildSafetensors([{ name: 'w', dtype: 'BF16', shape: [rows, 2048], bytes: new Uint8Array(0) }]);
      const length = rows * 2048 * 2;
      const corrected = Buffer.from(Buffer.from(header).toString('latin1').replace('[0,0]', `[0,${length}]`), 'latin1');
      corrected.writeBigUInt64LE(BigInt(corrected.byteLength - 8));
      await writeFile(path, corrected);
      await truncate(path, corrected.byteLength + length);
      const started = performance.now();
      const { tensors } = await openModel(path);
      assert.ok(performance.now() - started < 1000, 'took more than a second');
      assert.deepEqual(
        tensors.map(({ byteLength }) => byteLength),
        [500_000_002_048],
      );
    }));

  it('stops when it is cancelled', () =>
    inTemporaryFolder(async (folder) => {
      await writeSafetensors(join(folder, 'model.safetensors'), [f32('a', 1)]);
      await assert.rejects(openModel(folder, AbortSignal.abort(new Error('cancelled by the test'))), /cancelled by the test/);
    }));
});

describe('what cannot be opened', () => {
  it('a missing path, a link in a circle, a device', () =>
    inTemporaryFolder(async (folder) => {
      assert.match(
        (await faultOf(join(folder, 'nothing.safetensors'))).message,
        /nothing\.safetensors: no such file or folder\. Check the path/,
      );
      await symlink('circle.safetensors', join(folder, 'circle.safetensors'));
      assert.match((await faultOf(join(folder, 'circle.safetensors'))).message, /symbolic links lead in a circle/);
      assert.match((await faultOf('/dev/null')).message, /not a regular file\. Found a device/);
    }));

  it('a folder without weights, which says what is there instead', () =>
    inTemporaryFolder(async (folder) => {
      assert.match((await faultOf(folder)).message, /folder holds no weights that are read\. Expected files of weights .* Found no files/);
      await writeFile(join(folder, 'pytorch_model.bin'), 'version https://git-lfs.github.com/spec/v1');
      assert.match((await faultOf(folder)).message, /not a PyTorch file, but text.* Git LFS pointer/);
    }));

  it('a folder called x.safetensors is a folder', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'x.safetensors'));
      assert.match((await faultOf(join(folder, 'x.safetensors'))).message, /folder holds no weights/);
      assert.match((await faultOf(folder)).message, /folder holds no weights/);
    }));

  it('a file and a folder without permission', () =>
    inTemporaryFolder(async (folder) => {
      await chmod(folder, 0o755);
      const path = join(folder, 'model.safetensors');
      await writeSafetensors(path, [f32('a', 1)]);
      await chmod(path, 0o000);
      await withoutPrivileges(async () => {
        assert.match((await faultOf(path)).message, /model\.safetensors: permission denied\. Give your user read permission/);
        assert.match((await faultOf(folder)).message, /permission denied/);
      });
      const locked = join(folder, 'locked');
      await mkdir(locked, { mode: 0o000 });
      await withoutPrivileges(async () => assert.match((await faultOf(locked)).message, /locked: permission denied/));
    }));

  it('an index that is not JSON, has no weight_map, or is empty', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'model.safetensors.index.json');
      for (const [text, message] of [
        ['{', /index is not valid JSON/],
        ['[]', /no "weight_map"/],
        ['{"weight_map":[]}', /no "weight_map"/],
        ['{"weight_map":{}}', /names no tensors/],
      ] as const) {
        await writeFile(path, text);
        assert.match((await faultOf(folder)).message, message);
      }
    }));

  it('an index that names a file which is not there, or a folder', () =>
    inTemporaryFolder(async (folder) => {
      await writeIndex(folder, { a: 'model-00001-of-00001.safetensors' });
      const { message, fault } = await faultOf(folder);
      assert.match(
        message,
        /index names a file that is not there\. Expected a file .*model-00001-of-00001\.safetensors\. Found none of its files\. Finish the download/,
      );
      assert.equal(fault.tensor, 'a');
      await mkdir(join(folder, 'model-00001-of-00001.safetensors'));
      assert.match((await faultOf(folder)).message, /not there/);
    }));

  for (const name of [
    '../model.safetensors',
    '..',
    '.',
    'a//b.safetensors',
    'a/../b.safetensors',
    './b.safetensors',
    'a/',
    'a\\b.safetensors',
    '/etc/passwd',
    'file:x.safetensors',
    'https://host/x',
    'C:x',
    'a\0b',
    '',
    7,
    null,
  ]) {
    it(`an index that names ${JSON.stringify(name)} as a shard`, () =>
      inTemporaryFolder(async (folder) => {
        await writeIndex(folder, { a: name });
        const error = await faultOf(folder);
        assert.match(error.message, /\(tensor "a"\): index names a file outside its folder/);
        assert.ok(error.message.includes(`Found ${JSON.stringify(name)}`));
      }));
  }

  it('a folder with several indices none of which is the standard one', () =>
    inTemporaryFolder(async (folder) => {
      for (const name of ['a', 'b']) {
        await writeSafetensors(join(folder, `${name}-part.safetensors`), [f32('x', 1)]);
        await writeIndex(folder, { x: `${name}-part.safetensors` }, `${name}.safetensors.index.json`);
      }
      assert.match(
        (await faultOf(folder)).message,
        /several checkpoints.*Name one of them: .*a\.safetensors\.index\.json and .*b\.safetensors\.index\.json/,
      );
    }));

  it('one broken shard among good ones, named', () =>
    inTemporaryFolder(async (folder) => {
      await writeShardedCheckpoint(folder, [[f32('a', 1)], [f32('b', 1)]]);
      await truncate(join(folder, 'model-00002-of-00002.safetensors'), 20);
      assert.match((await faultOf(folder)).message, /model-00002-of-00002\.safetensors: header is longer than the file/);
    }));
});
