import assert from 'node:assert/strict';
import { readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mountDisk, type MountedDisk } from '../../support/mountedDisk.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { writeWhole } from '../../../src/base/writeWhole.js';

describe('writing a file whole', () => {
  const folder = temporaryFolder();

  it('makes it, or replaces it where that is allowed, and leaves nothing else', async () => {
    const path = folder('a.json');
    await writeWhole(path, 'first', { overwrite: false });
    await assert.rejects(writeWhole(path, 'second', { overwrite: false }), { code: 'EEXIST' });
    assert.equal(await readFile(path, 'utf8'), 'first');
    await writeWhole(path, 'second', { overwrite: true });
    assert.equal(await readFile(path, 'utf8'), 'second');
    assert.deepEqual(await readdir(folder()), ['a.json']);
  });

  it('follows a link, and does not write through one that leads nowhere', async () => {
    const [target, toFile, toNowhere] = [folder('target'), folder('to-file'), folder('to-nowhere')];
    await writeFile(target, 'old');
    await symlink(target, toFile);
    await symlink(folder('nowhere'), toNowhere);
    await writeWhole(toFile, 'new', { overwrite: true });
    assert.deepEqual([await readFile(target, 'utf8'), await readlink(toFile)], ['new', target]);
    await assert.rejects(writeWhole(toNowhere, 'x', { overwrite: false }), { code: 'EEXIST' });
  });

  it('changes nothing when the check throws', async () => {
    const path = folder('checked');
    await writeFile(path, 'old');
    await assert.rejects(writeWhole(path, 'new', { overwrite: true, check: () => Promise.reject(new Error('no')) }), /no/);
    assert.equal(await readFile(path, 'utf8'), 'old');
    assert.deepEqual(
      (await readdir(dirname(path))).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  describe('on a full disk', () => {
    let disk: MountedDisk | null = null;
    before(() => (disk = mountDisk(folder('disk'), 'size=64k')));
    after(() => disk?.unmount());

    const full = (path: string): object => ({
      message: `${path}: cannot be written: no space is left on the disk. Free some space, or choose another place to write to.`,
    });

    it('leaves the old file as it was, or none', async function () {
      if (disk === null) return this.skip();
      const path = join(disk.folder, 'run.json');
      await writeFile(path, 'x'.repeat(40_000));
      await assert.rejects(writeWhole(path, 'y'.repeat(50_000), { overwrite: true }), full(path));
      const newPath = join(disk.folder, 'new.json');
      await assert.rejects(writeWhole(newPath, 'y'.repeat(50_000), { overwrite: false }), full(newPath));
      assert.equal(await readFile(path, 'utf8'), 'x'.repeat(40_000));
      assert.deepEqual(await readdir(disk.folder), ['run.json']);
    });
  });
});
