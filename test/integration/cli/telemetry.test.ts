import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { sample } from './support/runCli.js';
import { start } from './support/startCli.js';

describe('onnxruntime', () => {
  const folder = temporaryFolder();

  it('keeps no record of its use, which it would send to its makers', async () => {
    const home = folder();
    const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home }; // onnxruntime 1.30 would make Microsoft/DeveloperTools there
    const argv = ['evaluate', sample('base-1'), '--task', sample('text/french.txt'), '--limit', '1', '--no-cache'];
    const { code, stderr } = await start(argv, { env }).outcome;
    assert.equal(code, 0, stderr);
    assert.deepEqual(await readdir(home), []);
  });
});
