import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { writeManyShards } from '../../support/manyShards.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { root, sample, type Outcome } from './support/runCli.js';
import { cli, textOf } from './support/startCli.js';

/** Open files that the process may have: what macOS gives, and fewer than a checkpoint of this test has. */
const maxOpenFiles = 256;

/** Three models of 363 files each, and a limit of open files that each of them exceeds. */
describe('command line: more shards than files may be open', () => {
  const at = temporaryFolder();
  const [base, finetuned, target] = ['base', 'finetuned', 'target'] as const;

  async function limited(...argv: readonly string[]): Promise<Outcome> {
    const script = `ulimit -n ${maxOpenFiles} && exec "$@"`;
    const child = spawn('sh', ['-c', script, 'sh', process.execPath, cli, ...argv]);
    const [stdout, stderr, [code]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }

  before(async function () {
    if (process.platform === 'win32') this.skip(); // there is no such limit
    for (const [seed, name] of [base, finetuned, target].entries()) await writeManyShards(at(name), 40, seed, sample('base-1'));
  });

  it('diff, transfer, verify', async () => {
    const compared = await limited('diff', at(base), at(finetuned), '--workers', '8', '--json', '--engine', 'simd');
    assert.deepEqual([compared.code, compared.stderr], [0, '']);
    const out = at('out');
    const models = ['--base', at(base), '--finetuned', at(finetuned), '--target', at(target)];
    const written = await limited('transfer', ...models, '--out', out, '--workers', '8');
    assert.deepEqual([written.code, written.stderr], [0, '']);
    const verified = await limited('verify', out, '--deep', '--workers', '8');
    assert.equal(verified.stdout, `${out}: 363 tensors and all files agree with its manifest and its inputs.\n`);
  });

  it('evaluate', async () => {
    const text = join(root, 'samples', 'text', 'english.txt');
    const formula = `${at(target)} + 0.5*(${at(finetuned)} - ${at(base)})`;
    const scored = await limited('evaluate', formula, '--task', text, '--window', '16', '--limit', '1', '--no-cache', '--threads', '4');
    assert.deepEqual([scored.code, scored.stderr], [0, '']);
  });
});
