import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openLineage, readLineage, type LineageStatus } from '../../../src/recycle/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { baseValues, edit, makeSeries, plus, readModel, trainerCommand, update, writeModel } from '../recycle/support/series.js';
import { root, runCli, sample, type Outcome } from './support/runCli.js';

function recycle(command: string, ...argv: readonly string[]): Promise<Outcome> {
  return runCli(['recycle', command, ...argv]);
}

describe('command line: recycle', () => {
  const at = temporaryFolder();

  it('keeps a lineage from its beginning to the comparison of its rounds', async () => {
    const file = at('tour', 'series.lineage.json');
    for (const i of [1, 2]) await writeModel(at('tour', `base-${i}`), baseValues(i));
    await writeModel(at('tour', 'finetuned-1'), plus(baseValues(1), update));
    const begun = await recycle('init', file, '--strategy', 'iterative', '--', ...trainerCommand());
    assert.deepEqual([begun.code, begun.stderr], [0, '']);
    assert.match(begun.stdout, /series\.lineage\.json: iterative, 0 releases\n\nNext: The lineage has no release yet\./);
    await recycle('add', file, '--name', 'v1', '--base', at('tour', 'base-1'), '--finetuned', at('tour', 'finetuned-1'));
    const added = await recycle('add', file, '--name', 'v2', '--base', at('tour', 'base-2'));
    assert.match(
      added.stdout,
      /\nv1 +finetuned +.*finetuned-1\nv2 +new\n\nNext: fine-tune v2 from base\(v2\) \+ \(finetuned\(v1\) − base\(v1\)\), which is to be written first\.\n$/,
    );

    const next = await recycle('next', file);
    assert.match(next.stdout, /\nThe start:\ntarget \+ 1\.0·\(finetuned − base\)\n/);
    assert.match(next.stdout, /\nAdvice: look closer\.\n {2}\? Nothing was measured/);
    assert.equal(existsSync(at('tour', 'series.rounds')), false, 'next writes nothing');
    assert.match((await recycle('next', file, '--prepare')).stdout, /\nv2 +prepared +base\(v2\)/);

    const ran = await recycle('run', file, '--no-cache');
    assert.deepEqual([ran.code, ran.stderr], [0, 'training well\n']);
    assert.match(ran.stdout, /^v2: .*series\.rounds.v2.finetuned\n[^]*Next: Every release is fine-tuned\./);
    assert.deepEqual(await readModel(at('tour', 'series.rounds', 'v2', 'finetuned')), plus(baseValues(2), update, 2));

    const compared = await recycle('compare', file);
    assert.match(
      compared.stdout,
      /diff vectors, fine-tuned − base\nrelease +‖Δ‖ +cosine with the one before\nv1 +15\.8 +–\nv2 +31\.6 +1\n$/,
    );
    const again = await recycle('run', file);
    assert.deepEqual([again.code, again.stdout.startsWith('Every release')], [0, true]);
  });

  it('tells by its exit code whether file and disk agree, and the facts as JSON', async () => {
    const file = await makeSeries(at('status'), 2, { finetuned: 1 });
    assert.equal((await recycle('status', file)).code, 0);
    await edit(file, '"state": "new"', '"state": "prepared"');
    const { code, stdout } = await recycle('status', file, '--json');
    const { disagreements, releases, next } = JSON.parse(stdout) as LineageStatus;
    assert.deepEqual([code, disagreements], [1, ['v2: the file says "prepared", the disk says "new".']]);
    assert.deepEqual(
      releases.map(({ state }) => state),
      ['finetuned', 'new'],
    );
    assert.deepEqual([next.kind, next.kind === 'round' && next.needsStart], ['round', true]);
    await writeModel(at('status', 'base-1'), baseValues(7));
    assert.match((await recycle('status', file)).stdout, /\nproblem: v1, base: .* is not the checkpoint that the lineage used/);
  });

  it('records models trained elsewhere', async () => {
    const file = await makeSeries(at('record'), 1, { command: null });
    await writeModel(at('record', 'elsewhere'), plus(baseValues(1), update));
    const recorded = await recycle('record', file, '--release', 'v1', '--finetuned', at('record', 'elsewhere'));
    assert.match(recorded.stdout, /^v1: .*elsewhere, ‖Δ‖ = 15\.8\n$/);
    assert.equal((await readLineage(file)).lineage.releases[0]!.finetuned, 'elsewhere');
  });

  it('advises on the samples from what their models score', async () => {
    const file = at('samples', 'french.lineage.json');
    await mkdir(at('samples'));
    await recycle(
      'init',
      file,
      '--task',
      sample('text/french.txt'),
      '--task',
      sample('text/english.txt'),
      '--window',
      '64',
      '--limit',
      '10',
    );
    await recycle('add', file, '--name', 'v1', '--base', sample('base-1'), '--finetuned', sample('finetuned-1'));
    await recycle('add', file, '--name', 'v2', '--base', sample('base-2'));
    const { code, stdout, stderr } = await recycle('next', file, '--no-cache');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /\nAdvice: look closer\.\n {2}\+ On french the earlier fine-tune has loss [23]\.\d+ .*: there is something to carry over/,
    );
    assert.match(
      stdout,
      /\n {2}\+ On french the start has loss 3\.\d+ nats per token before any training, the new base [67]\.\d+: better by /,
    );
    assert.match(stdout, /\n {2}− On english the start has loss .* more than the earlier fine-tune lost \(4\.\d+\)/);
  });

  const mistakes: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [[], /Which command of recycle\? Run model-rebase recycle --help\./],
    [['staus', 'x'], /There is no command "recycle staus"\. Did you mean recycle status\?/],
    [['init', 'x.json'], /FILE has to end in \.lineage\.json, but got "x\.json"\. Run model-rebase recycle init --help\./],
    [['init', 'x.lineage.json', '--strategy', 'direkt'], /--strategy takes one of iterative, direct, plain/],
    [['init', 'x.lineage.json', '--command', 'train {start} {out}', '--', 'train'], /The command is given twice/],
    [['init', '/x.lineage.json', '--', 'train', '{start}'], /command: expected an argument with \{out\}.* Put \{out\} where/],
    [['status', '/absent.lineage.json'], /absent\.lineage\.json: no such file or folder/],
    [['next', 'x.lineage.json', '--overwrite'], /--overwrite belongs to --prepare/],
  ];

  for (const [argv, message] of mistakes)
    it(`refuses "recycle ${argv.join(' ')}" with exit code 2`, async () => {
      const { code, stdout, stderr } = await runCli(['recycle', ...argv]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });

  it('describes its commands together and alone', async () => {
    assert.match((await runCli(['recycle', '--help'])).stdout, /^Usage: model-rebase recycle COMMAND \[options\]\n[^]*recycle compare/);
    assert.match(
      (await runCli(['help', 'recycle', 'init'])).stdout,
      /Usage: model-rebase recycle init FILE \[options\] \[-- COMMAND ARGUMENTS\]/,
    );
    assert.equal((await runCli(['recycle', 'run', '--help'])).code, 0);
  });
});

describe('command line: recycle, killed', () => {
  const at = temporaryFolder();

  function start(...argv: readonly string[]): ChildProcess {
    return spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'recycle', ...argv], { stdio: 'ignore' });
  }

  it('leaves a command that goes on to itself, and runs no second one beside it', async () => {
    const file = await makeSeries(at('orphan'), 1, { mode: 'hang' });
    const cli = start('run', file);
    const begun = at('orphan', 'series.rounds', 'v1', 'finetuned.partial.begun');
    while (!existsSync(begun)) await delay(20);
    cli.kill('SIGKILL');
    await once(cli, 'exit');
    const { pid } = (await openLineage(file)).releases[0]!.training.finetuned!;
    try {
      const { code, stderr } = await recycle('run', file);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`still under way as process ${pid} \\(last`));
    } finally {
      process.kill(-pid, 'SIGKILL');
    }
    await edit(file, '"hang"', '"well"');
    while ((await openLineage(file)).releases[0]!.training.finetuned !== undefined) await delay(20);
    assert.equal((await recycle('run', file)).code, 0);
    assert.equal((await readLineage(file)).lineage.releases[0]!.state, 'finetuned');
  });

  it('at any moment, it can go on, and ends with the same model', async function () {
    this.timeout(60_000);
    const file = await makeSeries(at('any'), 2, { finetuned: 1 });
    for (let attempt = 1; (await openLineage(file)).releases[1]!.state !== 'finetuned'; attempt++) {
      assert.ok(attempt < 40, 'it ends at some time');
      const cli = start('run', file);
      await Promise.race([once(cli, 'exit'), delay(200 * attempt)]);
      cli.kill('SIGKILL');
      JSON.parse(await readFile(file, 'utf8'));
    }
    while ((await openLineage(file)).releases[1]!.training.finetuned !== undefined) await delay(20);
    assert.equal((await recycle('run', file)).code, 0);
    assert.deepEqual(await readModel(at('any', 'series.rounds', 'v2', 'finetuned')), plus(baseValues(2), update, 2));
    const { releases } = (await readLineage(file)).lineage;
    assert.deepEqual([releases[1]!.finetuned, releases[1]!.delta?.release], ['series.rounds/v2/finetuned', 'v1']);
    assert.equal((await recycle('status', file)).code, 0);
  });
});
