import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { parseJsonObject, readJsonObjectIfPresent } from '../../../../src/base/json/readJson.js';

describe('reading a JSON object', () => {
  const folder = temporaryFolder();

  it('is null only where nothing is, and takes a byte order mark', async () => {
    assert.equal(await readJsonObjectIfPresent(folder('missing.json')), null);
    await writeFile(folder('a.json'), '\uFEFF{"a": 1}');
    assert.deepEqual(await readJsonObjectIfPresent(folder('a.json')), { a: 1 });
  });

  it('refuses anything else with a remedy', () => {
    const refusals: [string | Uint8Array, RegExp][] = [
      ['', /it is empty\. Download or save it again/],
      ['{"a": 1', /it is not JSON \(.*\)\. Download or save it again/],
      ['<!DOCTYPE html>', /it is not JSON/],
      ['[1]', /it is not a JSON object/],
      ['null', /it is not a JSON object/],
      ['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n', /Git LFS pointer.*git lfs pull/],
      [Buffer.from('{"a": "x"}', 'utf16le'), /it is not JSON/],
      [Uint8Array.of(0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d), /it is not UTF-8 text/],
    ];
    for (const [content, message] of refusals)
      assert.throws(() => parseJsonObject('/m/config.json', Buffer.from(content as string)), { name: 'FormatError', message });
  });
});
