import assert from 'node:assert/strict';
import { readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { makeFolder } from '../../../src/base/makeFolder.js';

describe('makeFolder', () => {
  const folder = temporaryFolder();

  it('makes what is missing, several at once too, and leaves what is there', async () => {
    await writeFile(folder('kept'), 'x');
    await Promise.all([makeFolder(folder('a', 'b', 'c')), makeFolder(folder('a', 'b', 'd')), makeFolder(folder('a', 'b', 'c'))]);
    await makeFolder(folder('a', 'b'));
    await makeFolder(folder());
    assert.deepEqual((await readdir(folder('a', 'b'))).sort(), ['c', 'd']);
    await symlink(folder('a'), folder('link'));
    await makeFolder(folder('link', 'e'));
    assert.ok((await stat(folder('a', 'e'))).isDirectory());
  });

  it('fails where a file stands in the way', async () => {
    await writeFile(folder('file'), 'x');
    await assert.rejects(makeFolder(folder('file')), { code: 'EEXIST' });
    await assert.rejects(makeFolder(folder('file', 'a', 'b')), { code: 'ENOTDIR' });
  });

  const itOnProc = existsSync('/proc/self') ? it : it.skip;
  itOnProc('fails where a file system takes no new names', async () => {
    await assert.rejects(makeFolder('/proc/no-such-folder/a'), { code: 'ENOENT' });
  });
});
