import assert from 'node:assert/strict';
import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { OpenFiles } from '../../../src/compute/openFiles.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

describe('open files of a thread', () => {
  const at = temporaryFolder();

  it('are at most as many as the limit: the one not used for the longest time is closed', () => {
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) writeFileSync(at(name), name);
    const files = new OpenFiles(3);
    const opened: string[] = [];
    const use = (name: string): number =>
      files.use(at(name), () => {
        opened.push(name);
        return openSync(at(name), 'r');
      });
    const [a] = ['a', 'b', 'c'].map(use);
    assert.equal(use('a'), a);
    use('d');
    assert.equal(use('a'), a);
    use('b');
    assert.deepEqual(opened, ['a', 'b', 'c', 'd', 'b']);
    files.close();
    assert.throws(() => fstatSync(a!), { code: 'EBADF' });
  });

  it('are not remembered where opening fails', () => {
    writeFileSync(at('late'), '');
    const files = new OpenFiles(1);
    const fail = (): number => {
      throw new Error('cannot be opened');
    };
    assert.throws(() => files.use(at('late'), fail), /cannot be opened/);
    const descriptor = files.use(at('late'), () => openSync(at('late'), 'r'));
    assert.ok(fstatSync(descriptor).isFile());
    closeSync(descriptor);
  });
});
