import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { copyWithEndlessTokenizer, endlessText } from '../../support/endlessTokenizer.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { sample } from './support/runCli.js';
import { start } from './support/startCli.js';

describe('command line: a tokenizer that comes to no end', () => {
  const at = temporaryFolder();
  let argv: string[] = [];

  before(async () => {
    await copyWithEndlessTokenizer(sample('base-1'), at('model'));
    await writeFile(at('text.txt'), endlessText);
    argv = ['evaluate', at('model'), '--task', at('text.txt'), '--no-cache'];
  });

  it('is cancelled by an interrupt within a second', async () => {
    const { child, outcome } = start(argv);
    await delay(1500);
    assert.equal(child.exitCode, null, 'it ended by itself');
    const interrupted = performance.now();
    child.kill('SIGINT');
    const { code, stderr } = await outcome;
    assert.ok(performance.now() - interrupted < 1000);
    assert.deepEqual([code, stderr], [2, 'model-rebase: Cancelled.\n']);
  });

  it('lets a second interrupt end the process', async () => {
    const { child, outcome } = start(argv);
    await delay(1500);
    child.kill('SIGINT');
    child.kill('SIGINT');
    const interrupted = performance.now();
    await outcome;
    assert.ok(performance.now() - interrupted < 1000);
  });
});
