import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { messageOf } from '../../../src/base/errors.js';
import { explained, toWriteError } from '../../../src/base/fileAccess.js';
import { FileAccessError } from '../../../src/base/formatError.js';
import { openRegular, readBytes, readBytesIfPresent, readText } from '../../../src/base/readFile.js';

describe('reading a file whole', () => {
  const folder = temporaryFolder();

  it('gives its bytes, also through a link', async () => {
    await writeFile(folder('a'), 'some text');
    await symlink(folder('a'), folder('to-a'));
    assert.equal(await readText(folder('to-a')), 'some text');
    assert.equal((await readBytes(folder('to-a'))).byteLength, 9);
  });

  it('tells what is absent from what cannot be read', async () => {
    await symlink(folder('nowhere'), folder('to-nowhere'));
    await symlink(folder('circle'), folder('circle'));
    await mkdir(folder('inner'));
    await writeFile(folder('file'), '');
    for (const absent of ['missing', 'missing/too', 'file/below']) assert.equal(await readBytesIfPresent(folder(absent)), null, absent);
    const refusals: [string, RegExp][] = [
      ['to-nowhere', /link to a file that is not there\. Found a link to .*nowhere\. Fetch that file/],
      ['circle', /symbolic links lead in a circle/],
      ['inner', /inner: it is a folder\. Name a file, or put one in its place/],
    ];
    for (const [name, message] of refusals) {
      await assert.rejects(readBytesIfPresent(folder(name)), { name: 'FileAccessError', message });
      await assert.rejects(readBytes(folder(name)), { name: 'FileAccessError', message });
    }
  });

  it('opens no pipe and no device, directly or through a link', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [folder('pipe')]);
    await symlink(folder('pipe'), folder('to-pipe'));
    await symlink('/dev/zero', folder('zeros'));
    await symlink('/dev/null', folder('nothing'));
    for (const name of ['pipe', 'to-pipe', 'zeros', 'nothing']) {
      await assert.rejects(readBytesIfPresent(folder(name)), /not a regular file.*Found a device, pipe or socket/, name);
      await assert.rejects(openRegular(folder(name)), /not a regular file/, name);
    }
  });

  it('refuses what is larger than its limit, without reading it', async () => {
    await writeFile(folder('large'), '');
    await truncate(folder('large'), 8e12);
    await assert.rejects(readBytes(folder('large')), /too large to be what its name says\. Expected at most 67\.1 MB\. Found 8\.00 TB/);
    await writeFile(folder('ten'), '0123456789');
    await assert.rejects(readBytes(folder('ten'), { maxBytes: 9 }), /Expected at most 9 B\. Found 10 B/);
    assert.equal(await readText(folder('ten'), { maxBytes: 10 }), '0123456789');
  });

  it('ends when it is aborted, before and meanwhile', async () => {
    await writeFile(folder('sparse'), '');
    await truncate(folder('sparse'), 2 ** 29);
    await assert.rejects(readBytes(folder('sparse'), { maxBytes: 2 ** 30, signal: AbortSignal.abort(new Error('too late')) }), /too late/);
    const controller = new AbortController();
    const reading = readBytes(folder('sparse'), { maxBytes: 2 ** 30, signal: controller.signal });
    setImmediate(() => controller.abort(new Error('enough')));
    await assert.rejects(reading, /enough/);
  });
});

describe('an error in writing', () => {
  const folder = temporaryFolder();
  const errorOf = (code: string): Error => Object.assign(new Error(`${code}: raw, fsync`), { code, syscall: 'fsync', errno: -1 });

  it('names the file, what was being done, and what to do', () => {
    const codes = ['EIO', 'EXDEV', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENOTEMPTY', 'EFBIG', 'EBUSY', 'EPROTO'];
    for (const code of codes) {
      const error = toWriteError('/models/out', errorOf(code), 'renamed to /models/new');
      assert.ok(error instanceof FileAccessError);
      assert.match(error.message, /^\/models\/out: cannot be renamed to \/models\/new: .+\. [A-Z].+\.$/, code);
      assert.doesNotMatch(error.message, /raw|fsync/);
    }
  });

  it('leaves other errors alone', () => {
    const error = new RangeError('no system error');
    assert.equal(toWriteError('/models/out', error), error);
    assert.equal(explained(error), error);
    const process = Object.assign(new Error('spawn x ENOENT'), { code: 'ENOENT', syscall: 'spawn x', path: 'x' });
    assert.equal(messageOf(process), 'spawn x ENOENT');
  });

  it('is explained by what it says itself where nobody has', async () => {
    const said = async (step: Promise<unknown>): Promise<string> =>
      messageOf(
        await step.then(
          () => null,
          (error: unknown) => error,
        ),
      );
    await writeFile(folder('file'), '');
    assert.match(
      await said(mkdir(folder('file/inner'))),
      /file\/inner: cannot be created: no such file or folder\. Check the path: a part of it is a file/,
    );
    assert.match(await said(mkdir(folder('file'))), /file: cannot be created: something of that name is in the way/);
    assert.match(await said(rename(folder('nothing'), folder('b'))), /nothing: cannot be renamed to .*b: its folder is not there/);
    assert.match(await said(copyFile(folder('nothing'), folder('b'))), /nothing: cannot be copied to .*b: /);
    assert.match(await said(readdir(folder('nothing'))), /nothing: no such file or folder\. Check the path/);
    assert.match(await said(rm(folder('nothing'))), /nothing: (?:no such file|cannot be removed)/);
    const raw = Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' });
    assert.match(messageOf(raw), /^a file: cannot be written to the disk: the disk reported an error \(EIO\)\. Check the disk/);
  });
});
