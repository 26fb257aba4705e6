import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { isAllowed, requireAllowed, PathRefusedError } from '../../../src/base/allowedFolders.js';

describe('folders that paths out of files may lead to', () => {
  it('hold what lies in them, and themselves', () => {
    for (const path of ['/ws/space', '/ws/space/', '/ws/space/a/b', '/ws/space/./a/../b', '/ws/space/..a', '/other/x'])
      assert.ok(isAllowed(['/ws/space', '/other'], path, posix), path);
  });

  it('hold nothing else, however it is written', () => {
    const outside = ['/', '/ws', '/ws/space2', '/ws/space/../x', '/ws/space/a/../../..', '//server/share', '/etc/passwd', 'x', '..'];
    for (const path of outside) assert.ok(!isAllowed(['/ws/space'], path, posix), path);
    assert.ok(!isAllowed([], '/ws/space', posix));
  });

  it('hold every path of a sum', () => {
    for (const path of ['/ws/space/base+/ws/space/adapter', '/ws/space/a+b/c', '/ws/space/base+adapter*0.5'])
      assert.ok(isAllowed(['/ws/space'], path, posix), path);
    for (const path of [
      '/ws/space/base+/etc/adapter',
      '/ws/space/base+../../x',
      '/ws/space/base+//server/share',
      '/x/base+/ws/space/adapter',
    ])
      assert.ok(!isAllowed(['/ws/space'], path, posix), path);
    assert.ok(!isAllowed(['C:\\ws'], 'C:\\ws\\base+\\\\server\\share', win32));
  });

  it('know drives, other machines and devices of Windows', () => {
    const folders = ['C:\\work\\space'];
    for (const path of ['C:\\work\\space\\a', 'c:/Work/Space/a', 'C:\\work\\space\\..\\space\\a'])
      assert.ok(isAllowed(folders, path, win32), path);
    const outside = [
      'D:\\work\\space',
      '\\\\server\\share',
      '//server/share/x',
      '\\\\?\\UNC\\server\\share',
      '\\\\.\\pipe\\x',
      'C:\\work',
      '\\work',
    ];
    for (const path of outside) assert.ok(!isAllowed(folders, path, win32), path);
    assert.ok(isAllowed(['\\\\server\\share'], '\\\\server\\share\\model', win32));
    assert.ok(!isAllowed(['\\\\server\\share'], '\\\\other\\share\\model', win32));
  });

  it('are everywhere in a trusted workspace', () => {
    assert.ok(isAllowed(null, '\\\\server\\share', win32));
    requireAllowed(null, ['/anywhere'], 'run');
  });

  it('refuse by name', () => {
    assert.throws(
      () => requireAllowed(['/ws'], ['/ws/a', '/etc'], '/ws/x.lineage.json'),
      (error) => {
        return (
          error instanceof PathRefusedError && /\/etc lies outside this workspace, and \/ws\/x\.lineage\.json names it/.test(error.message)
        );
      },
    );
  });
});
