import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { problemOnWindows } from '../../../src/base/windowsName.js';
import { isInnerPath } from '../../../src/checkpoint/shardIndex.js';
import { nameProblem } from '../../../src/combine/plan/checkPlace.js';
import { pathInFile } from '../../../src/recycle/file/lineageFile.js';

describe('paths of Windows', () => {
  it('names of devices, whatever their case and ending, are no files', () => {
    for (const name of ['con', 'NUL', 'aux.safetensors', 'Com1', 'lpt9.tar.gz', 'COM¹.txt', 'nul .txt', 'CONIN$'])
      assert.match(problemOnWindows(name) ?? '', /name of a device/, name);
    for (const name of [
      'console',
      'com10',
      'nulls',
      'auxiliary.safetensors',
      'model-00001-of-00002.safetensors',
      '.cache',
      '模型',
      'a con',
      '..',
    ])
      assert.equal(problemOnWindows(name), null, name);
  });

  it('neither are names with its own characters, or with an end that it takes away', () => {
    for (const name of ['a:b', 'a?', 'a*', '"a"', 'a<b', 'a|b', 'a\\b', 'a/b', 'a\tb'])
      assert.match(problemOnWindows(name) ?? '', /it holds/, name);
    for (const name of ['a.', 'a ', 'v1...']) assert.match(problemOnWindows(name) ?? '', /dot or a space/, name);
  });

  it('an output is refused there under such a name, anywhere in its path, and only there', () => {
    assert.match(nameProblem('C:\\models\\aux', win32) ?? '', /C:\\models\\aux cannot be made on Windows: "aux" is the name of a device/);
    assert.match(nameProblem('\\\\server\\share\\nul\\out', win32) ?? '', /device/);
    for (const path of ['C:\\models\\out', '\\\\server\\share\\out', 'D:\\a b\\c.d']) assert.equal(nameProblem(path, win32), null, path);
    assert.equal(nameProblem('/models/aux', posix), null);
  });

  it('an index names no device there', () => {
    assert.equal(isInnerPath('sub/nul.safetensors', 'win32'), false);
    assert.equal(isInnerPath('sub/nul.safetensors', 'linux'), true);
    for (const platform of ['win32', 'linux'] as const) {
      assert.equal(isInnerPath('model-00001-of-00002.safetensors', platform), true);
      for (const name of ['C:\\x', 'C:x', '\\\\server\\share\\x', '..\\x', '../x', '/x', 'a//b'])
        assert.equal(isInnerPath(name, platform), false, name);
    }
  });

  it('a lineage names models relative to it with slashes, and on other drives and servers as they are', () => {
    const file = 'C:\\work\\french.lineage.json';
    assert.equal(pathInFile(file, 'C:\\work\\models\\base', win32), 'models/base');
    assert.equal(pathInFile(file, 'C:\\models\\base', win32), '../models/base');
    assert.equal(pathInFile(file, 'c:\\WORK\\base', win32), 'base');
    assert.equal(pathInFile(file, 'D:\\models\\base', win32), 'D:/models/base');
    assert.equal(pathInFile(file, '\\\\server\\share\\base', win32), '//server/share/base');
    assert.equal(pathInFile('\\\\server\\share\\a.lineage.json', '\\\\server\\share\\models\\base', win32), 'models/base');
    for (const written of ['D:/models/base', '//server/share/base', '../models/base'])
      assert.equal(pathInFile(file, win32.resolve('C:\\work', written), win32), written);
  });
});
