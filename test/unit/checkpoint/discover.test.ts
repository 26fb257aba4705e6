import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { discoverCheckpoints, type DiscoverOptions } from '../../../src/checkpoint/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { shardName, writeSafetensors, writeShardedCheckpoint, type TensorToWrite } from '../../support/safetensorsFile.js';
import { withoutPrivileges } from '../../support/withoutPrivileges.js';
import { FileAccessError } from '../../../src/base/formatError.js';

const tensors: TensorToWrite[] = [{ name: 'a', dtype: 'F32', shape: [1] }];

async function write(folder: string, ...files: string[]): Promise<void> {
  for (const file of files) await writeSafetensors(join(folder, file), tensors);
}

interface Found {
  /** Relative to the folder that was searched. */
  readonly paths: readonly string[];
  readonly codes: readonly string[];
  readonly messages: readonly string[];
}

async function discover(folder: string, options?: DiscoverOptions): Promise<Found> {
  const { paths, findings } = await discoverCheckpoints(folder, options);
  return {
    paths: paths.map((path) => relative(folder, path)),
    codes: findings.map(({ code }) => code),
    messages: findings.map(({ message }) => message),
  };
}

describe('discovery of checkpoints', () => {
  it('a folder with one model, an index or one set of shards is one checkpoint; other files are one each', () =>
    inTemporaryFolder(async (folder) => {
      await write(
        folder,
        'one/model.safetensors',
        'lone/tuned-7b.safetensors',
        'named/weights.safetensors',
        'pair/before.safetensors',
        'pair/after.safetensors',
        'tuned/model.safetensors',
        'tuned/adapter.safetensors',
      );
      await writeFile(join(folder, 'named/config.json'), '{}');
      await writeShardedCheckpoint(join(folder, 'sharded'), [tensors]);
      await write(folder, `unindexed/${shardName(0, 2)}`, `unindexed/${shardName(1, 2)}`, 'none/deeper/still/x.safetensors');
      assert.deepEqual((await discover(folder)).paths, [
        'lone/tuned-7b.safetensors',
        'named',
        'one',
        'pair/after.safetensors',
        'pair/before.safetensors',
        'sharded',
        'tuned',
        'tuned/adapter.safetensors',
        'unindexed',
        'none/deeper/still/x.safetensors',
      ]);
    }));

  it('lists checkpoints in natural order of their names', () =>
    inTemporaryFolder(async (folder) => {
      const steps = ['checkpoint-500', 'checkpoint-1000', 'checkpoint-2500', 'checkpoint-10000'];
      await write(
        folder,
        ...steps.map((step) => `run/${step}/model.safetensors`),
        'epochs/epoch10.safetensors',
        'epochs/epoch9.safetensors',
      );
      assert.deepEqual((await discover(folder)).paths, [
        'epochs/epoch9.safetensors',
        'epochs/epoch10.safetensors',
        ...steps.map((step) => `run/${step}`),
      ]);
    }));

  it('does not enter node_modules, .git, unfinished outputs and excluded folders', () =>
    inTemporaryFolder(async (folder) => {
      await write(
        folder,
        'node_modules/x/a.safetensors',
        '.git/model.safetensors',
        'merged.partial/model.safetensors',
        'old/model.safetensors',
        'kept/old/model.safetensors',
        'runs/7/tmp/model.safetensors',
        'kept/b/model.safetensors',
      );
      assert.deepEqual((await discover(folder)).paths, ['old', 'kept/b', 'kept/old', 'runs/7/tmp']);
      assert.deepEqual((await discoverCheckpoints(folder)).partials, [join(folder, 'merged.partial')]);
      assert.deepEqual((await discover(folder, { exclude: ['old', 'runs/*/tmp'] })).paths, ['kept/b']);
      assert.deepEqual((await discover(folder, { exclude: ['**/old', '**/b'] })).paths, ['runs/7/tmp']);
      assert.deepEqual((await discover(folder, { exclude: ['kept/**', '?uns', 'ol.'] })).paths, ['old']);
    }));

  it('follows linked folders once and never in circles', () =>
    inTemporaryFolder(async (folder) => {
      await write(folder, 'work/model/model.safetensors');
      await symlink('..', join(folder, 'work/up'));
      await symlink('model', join(folder, 'work/same'));
      await symlink('self', join(folder, 'work/self'));
      await inTemporaryFolder(async (elsewhere) => {
        await write(elsewhere, 'model.safetensors');
        await symlink(elsewhere, join(folder, 'linked'));
        const { paths, codes } = await discover(folder);
        assert.deepEqual(paths, ['linked', 'work/model']);
        assert.deepEqual(codes, []);
      });
    }));

  it('says which depth it did not search', () =>
    inTemporaryFolder(async (folder) => {
      await write(folder, 'a/b/c/model.safetensors', 'a/model.safetensors');
      const { paths, codes, messages } = await discover(folder, { maximumDepth: 1 });
      assert.deepEqual([paths, codes], [['a'], ['discovery-depth']]);
      assert.match(messages[0] ?? '', /1 folders more than 1 levels below/);
      assert.deepEqual((await discover(folder, { maximumDepth: 3 })).paths, ['a', 'a/b/c']);
    }));

  it('says when there are more than it lists', () =>
    inTemporaryFolder(async (folder) => {
      await write(folder, '1/model.safetensors', '2/model.safetensors', '3/x.safetensors', '3/y.safetensors');
      const cut = await discover(folder, { maximumCount: 3 });
      assert.deepEqual([cut.paths, cut.codes], [['1', '2', '3/x.safetensors'], ['discovery-cut']]);
      assert.deepEqual((await discover(folder, { maximumCount: 4 })).codes, []);
    }));

  it('goes on past a folder that may not be read, and says so', () =>
    inTemporaryFolder(async (folder) => {
      await chmod(folder, 0o755);
      await write(folder, 'open/model.safetensors');
      await mkdir(join(folder, 'locked'), { mode: 0o000 });
      const { paths, codes, messages } = await withoutPrivileges(() => discover(folder));
      assert.deepEqual([paths, codes], [['open'], ['discovery-unreadable']]);
      assert.match(messages[0] ?? '', /locked\.$/);
    }));

  it('fails when the folder itself is missing, and when cancelled', () =>
    inTemporaryFolder(async (folder) => {
      await assert.rejects(discoverCheckpoints(join(folder, 'nothing')), FileAccessError);
      await assert.rejects(discoverCheckpoints(folder, {}, AbortSignal.abort(new Error('cancelled'))), /cancelled/);
    }));
});
