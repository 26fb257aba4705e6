import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, readlink, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mountDisk, type MountedDisk } from '../../support/mountedDisk.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { FilePlace, writeWhole } from '../../../src/base/writeWhole.js';

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
    assert.deepEqual(await besides('checked'), ['checked']);
  });

  it('gives the name to one of many that may not replace it, and a whole file to many that may', async () => {
    const write = (name: string, overwrite: boolean): Promise<void>[] =>
      Array.from({ length: 8 }, (_, i) => writeWhole(folder(name), String(i).repeat(1000), { overwrite }));
    const ends = await Promise.allSettled(write('once', false));
    assert.equal(ends.filter(({ status }) => status === 'fulfilled').length, 1);
    await Promise.all(write('often', true));
    assert.match(await readFile(folder('often'), 'utf8'), /^(\d)\1{999}$/);
    assert.deepEqual([await besides('once'), await besides('often')], [['once'], ['often']]);
  });

  it('removes what writers have left that were killed, but nothing of others', async () => {
    const left = spawnSync(process.execPath, ['--import', 'tsx', '--eval', killedWriter(folder('left'))]);
    assert.equal(left.signal, 'SIGKILL', left.stderr.toString());
    assert.equal((await besides('left')).length, 1);
    const [old, young, others] = ['left.0123abcd.tmp', 'left.89abcdef.tmp', 'left.thesis.tmp'];
    for (const name of [old, young, others]) await writeFile(folder(name), '');
    for (const name of [old, others]) await utimes(folder(name), 0, 0);
    await writeWhole(folder('left'), 'whole', { overwrite: false });
    assert.deepEqual(await besides('left'), ['left', young, others].sort());
  });

  it('waits for whoever writes it at this moment; a place that is wanted for long is refused at once, with its owner', async () => {
    const place = await FilePlace.claim(folder('long'));
    await assert.rejects(FilePlace.claim(folder('long')), new RegExp(`long is being written by process ${process.pid} on `));
    const waiting = writeWhole(folder('long'), 'second', { overwrite: true });
    await place.write('first', { overwrite: false });
    await place.release();
    await waiting;
    assert.equal(await readFile(folder('long'), 'utf8'), 'second');
  });

  async function besides(name: string): Promise<string[]> {
    return (await readdir(folder())).filter((other) => other.startsWith(name)).sort();
  }

  /** A program that is killed when the new file is on the disk and has no name yet. */
  function killedWriter(path: string): string {
    const module = JSON.stringify(join(__dirname, '../../../src/base/writeWhole.ts'));
    const options = `{ overwrite: false, check: () => process.kill(process.pid, 'SIGKILL') }`;
    return `import(${module}).then(({ default: d }) => d.writeWhole(${JSON.stringify(path)}, 'half', ${options}))`;
  }

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
