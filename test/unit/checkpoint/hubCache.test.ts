import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { discoverCheckpoints, openCheckpoint, titleOf } from '../../../src/checkpoint/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { errorOf, filesOf, writeText, writeWeights } from '../../support/weightFolders.js';

describe('a Hugging Face cache', () => {
  const commits = ['1'.repeat(40), '2'.repeat(40)];

  async function writeCache(hub: string, repository = 'models--acme--tiny'): Promise<string> {
    const root = join(hub, repository);
    for (const commit of commits) {
      await writeWeights(join(root, 'blobs'), commit);
      await mkdir(join(root, 'snapshots', commit), { recursive: true });
      await symlink(`../../blobs/${commit}`, join(root, 'snapshots', commit, 'model.safetensors'));
    }
    await writeText(join(root, 'refs/main'), commits[1]!);
    await writeText(join(root, 'refs/v1.0'), commits[0]!);
    return root;
  }

  it('says so when it is there and cannot be listed', () =>
    inTemporaryFolder(async (folder) => {
      await symlink('hub', join(folder, 'hub'));
      assert.match((await errorOf(folder)).message, /hub.*symbolic links lead in a circle/);
    }));

  it('opens the revision of refs/main, and others by branch, tag or commit', () =>
    inTemporaryFolder(async (folder) => {
      const hub = join(folder, 'hub');
      const root = await writeCache(hub);
      for (const [address, commit] of [
        [root, commits[1]],
        [hub, commits[1]],
        [`${root}#main`, commits[1]],
        [`${root}#v1.0`, commits[0]],
        [`${root}#1111`, commits[0]],
        [`${hub}#acme/tiny@v1.0`, commits[0]],
        [`${hub}#acme/tiny#1111111`, commits[0]],
      ] as const) {
        const { path, name } = await openCheckpoint(address);
        assert.deepEqual([path, name], [join(root, 'snapshots', commit!), `acme/tiny@${commit!.slice(0, 7)}`], address);
      }
      assert.match((await errorOf(`${root}#no`)).message, /no part called no/);
      await writeCache(hub, 'models--gpt2');
      assert.match((await errorOf(hub)).message, /cache of several models\. Found acme\/tiny and gpt2\. Name one of them: .*#acme\/tiny/);
      assert.equal((await openCheckpoint(`${hub}#gpt2`)).name, 'gpt2@2222222');
    }));

  it('also by the folder around the cache; a model folder that holds a cache stays a model folder', () =>
    inTemporaryFolder(async (folder) => {
      await writeCache(join(folder, 'hub'));
      assert.equal((await openCheckpoint(folder)).name, 'acme/tiny@2222222');
      await writeCache(folder);
      await writeWeights(folder, 'model.safetensors');
      assert.deepEqual(filesOf(await openCheckpoint(folder)), ['model.safetensors']);
    }));

  it('says what was not downloaded, and how to get it', () =>
    inTemporaryFolder(async (folder) => {
      const root = await writeCache(folder);
      const snapshot = join(root, 'snapshots', '3'.repeat(40));
      await mkdir(snapshot);
      await symlink('../../blobs/none', join(snapshot, 'model.safetensors'));
      const { message } = await errorOf(snapshot);
      assert.match(message, /a link that leads nowhere.* hf download acme\/tiny --revision 3{40}/);
      await writeText(join(root, 'refs/main'), '4'.repeat(40));
      assert.match((await errorOf(root)).message, /revision 4{40} is not in the cache.* --revision 4{40}, or name .*#1111111/);
      const { paths } = await discoverCheckpoints(folder);
      assert.deepEqual(
        paths.map((path) => titleOf(path)),
        ['acme/tiny@1111111', 'acme/tiny@2222222', 'acme/tiny@3333333'],
      );
    }));

  it('titles of what lies in a revision', () => {
    const snapshot = `/hub/models--acme--tiny/snapshots/${commits[0]!}`;
    assert.equal(titleOf(`${snapshot}/consolidated.safetensors`), 'acme/tiny@1111111/consolidated');
    assert.equal(titleOf(`${snapshot}#unet`), 'acme/tiny@1111111#unet');
    assert.equal(titleOf(`${snapshot}/original/model.safetensors`), 'acme/tiny@1111111/original/model');
    assert.equal(titleOf('/hub/models--acme--tiny'), 'acme/tiny');
    assert.equal(titleOf('/hub/models--acme--tiny#v1'), 'acme/tiny@v1');
  });
});
