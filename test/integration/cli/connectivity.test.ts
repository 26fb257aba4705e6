import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { runFromJson, type LineRun, type MatrixRun, type PlaneRun, type PointScores } from '../../../src/connectivity/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { barrierOf } from '../../../src/connectivity/line/barrier.js';
import type { LossScore, ScoreDifference } from '../../../src/evaluate/report/index.js';
import { optimumOf } from '../../../src/connectivity/line/optimum.js';
import { runCli, sample, type Outcome } from './support/runCli.js';
import { assertGolden, goldenLine, goldenTask, goldenWindow, runLine } from './support/writtenCheckpoints.js';

const [base1, base2, finetuned1] = ['base-1', 'base-2', 'finetuned-1'].map(sample) as [string, string, string];
const family = ['--finetuned', finetuned1, '--base', base1, '--target', base2];

/** `loss(α) − chord`, from the windows' own values. */
function riseAt({ points }: LineRun, at: number): number {
  const [start, middle, end] = [0, at, 1].map((place) => {
    const score = points.find((point) => point.at === place)?.scores[0];
    assert.ok(score?.kind === 'loss');
    return score.itemNats.reduce((sum, nats) => sum + nats, 0) / score.tokenCount;
  }) as [number, number, number];
  return middle - (1 - at) * start - at * end;
}

describe('command line: scoring on the samples', function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  const score = (...argv: readonly string[]): Promise<Outcome> => runCli([...argv, '--no-cache', '--window', String(goldenWindow)]);
  const saved = async (name: string): Promise<unknown> => runFromJson(await readFile(at(name), 'utf8'));
  const texts = (): string[] => ['french', 'python'].flatMap((text) => ['--task', at(`${text}.txt`)]);

  before(async () => {
    await writeFile(at('short.txt'), (await readFile(sample('text/french.txt'), 'utf8')).slice(0, 2500));
    for (const text of ['french', 'python'])
      await writeFile(at(`${text}.txt`), (await readFile(sample(`text/${text}.txt`), 'utf8')).slice(0, 8000));
  });

  it('shows no standard error where there is none, and draws nothing from one window', async () => {
    await writeFile(at('one.txt'), 'a');
    const { code, stdout } = await score('curve', base1, base2, '--task', at('one.txt'), '--points', '2');
    assert.equal(code, 0);
    assert.match(stdout, /^0 +5\.\d{4} +– /m);
    assert.match(stdout, /at least 8 windows are needed to tell a difference from noise \(−0\.264\)\.$/m);
    assert.doesNotMatch(stdout, /NaN/);
  });

  it('curve: scores the line as transformers scores the written checkpoints', async () => {
    const { code, stdout, stderr } = await score('curve', base1, base2, ...texts(), '--points', '5', '--out', at('curve.json'), '--json');
    assert.deepEqual([code, stderr], [0, '']);
    const run = (await saved('curve.json')) as LineRun;
    for (const point of run.points) {
      assertGolden(point, `interpolate ${point.at}`);
      assertGolden(point, `interpolate ${point.at}`, 1, 'python');
    }
    const printed = JSON.parse(stdout) as {
      points: Record<string, unknown>[];
      barrier: { height: number; standardError: number; alpha: number; verdict: string };
      tasks: { name: string; points: unknown[] }[];
    };
    const [first] = run.points[1]!.scores;
    assert.ok(first?.kind === 'loss');
    const { loss, standardError, bitsPerByte, perplexity } = first;
    assert.deepEqual(
      ['alpha', 'loss', 'standardError', 'bitsPerByte', 'perplexity'].map((field) => printed.points[1]![field]),
      [0.25, loss, standardError, bitsPerByte, perplexity],
    );
    assert.deepEqual(
      printed.tasks.map(({ name, points }) => [name, points.length]),
      [
        ['french', 5],
        ['python', 5],
      ],
    );
    const { height, alpha, verdict } = printed.barrier;
    assert.ok(Math.abs(height - riseAt(run, alpha)) < 1e-9);
    assert.ok([0.25, 0.5, 0.75].every((place) => riseAt(run, place) <= height + 1e-9));
    assert.equal(verdict, 'connected');
    assert.doesNotMatch(stdout, /itemNats/);
  });

  it('curve: comes to the verdict that the written checkpoints come to', async () => {
    const { points, barriers } = (await saved('curve.json')) as LineRun;
    for (const [task, text] of ['french', 'python'].entries()) {
      const written = barrierOf(goldenLine('interpolate', [0, 0.25, 0.5, 0.75, 1], text), 0, goldenTask(text))!;
      const here = barrierOf(runLine(points, task), 0, goldenTask(text))!;
      assert.deepEqual([here.verdict, here.alpha], [written.verdict, written.alpha]);
      assert.ok(Math.abs(here.height - written.height) < 1e-4 && Math.abs(here.standardError - written.standardError) < 1e-4);
      assert.equal(barriers[task]!.verdict, 'connected');
    }
  });

  it('curve --extend: keeps what is known, and scores only the rest', async () => {
    const plan = JSON.parse(
      (await score('curve', base1, base2, '--extend', at('curve.json'), '--points', '9', '--no-geometry', '--plan', '--json')).stdout,
    ) as { keptCount: number; evaluations: { candidateCount: number }[] };
    assert.deepEqual([plan.keptCount, plan.evaluations.map(({ candidateCount }) => candidateCount)], [5, [4]]);
    const { code, stdout } = await score('curve', base1, base2, '--extend', at('curve.json'), '--points', '3', '--out', at('more.json'));
    assert.equal(code, 0);
    assert.deepEqual(((await saved('more.json')) as LineRun).points, ((await saved('curve.json')) as LineRun).points);
    assert.match(stdout, /^base-1 ↔ base-2\n\nfrench\n {3}α +loss +± +bits\/byte +perplexity\n {3}0 .* █{24}\n0\.25 /);
    assert.match(stdout, /\nNo barrier measured on french: at 3 points between the ends .*\n/);
    assert.match(stdout, /‖mₜ − mₛ‖ = 13\.2, row by row as stored\./);
    const other = await score('curve', base2, base1, '--extend', at('curve.json'));
    assert.deepEqual([other.code, /cannot be continued: it has other models or another path/.test(other.stderr)], [2, true]);
  });

  it('curve --path transferred: leads to the transfer before any training', async () => {
    const argv = ['curve', finetuned1, base2, '--path', 'transferred', '--base', base1, '--task', at('french.txt')];
    const { code, stdout } = await score(...argv, '--points', '3', '--out', at('moved.json'));
    assert.equal(code, 0);
    const run = (await saved('moved.json')) as LineRun;
    for (const point of run.points) assertGolden(point, `transferred ${point.at}`);
    assertGolden(
      run.references.find(({ role }) => role === 'target'),
      'interpolate 1',
    );
    assert.match(stdout, /cos\(Δₛ, mₜ − mₛ\) = 0\.147/);
    assert.match(stdout, /there is something to transfer|no difference beyond noise/);
  });

  it('sweep: finds the best scale, below 0 and beyond 1', async () => {
    const argv = ['sweep', ...family, '--task', at('french.txt'), '--from=-0.5', '--to', '1.5', '--points', '5', '--no-geometry', '--json'];
    const { code, stdout } = await score(...argv, '--out', at('sweep.json'));
    assert.equal(code, 0);
    const run = (await saved('sweep.json')) as LineRun;
    for (const place of [0, 0.5, 1, 1.5])
      assertGolden(
        run.points.find((point) => point.at === place),
        `sweep ${place}`,
      );
    const written = optimumOf(goldenLine('sweep', [0, 0.5, 1, 1.5], 'french'), 0, goldenTask('french'))!;
    const here = optimumOf(runLine(run.points.slice(1), 0), 0, goldenTask('french'))!;
    assert.equal(here.at, written.at);
    assert.ok(Math.abs(here.gainOverTarget - written.gainOverTarget) < 1e-4);
    const printed = JSON.parse(stdout) as {
      points: { lambda: number; loss: number }[];
      optimum: { at: number; loss: number };
      barrier: null;
    };
    assert.deepEqual(
      printed.points.map(({ lambda }) => lambda),
      [-0.5, 0, 0.5, 1, 1.5],
    );
    assert.deepEqual([printed.optimum.at, printed.optimum.loss], [1, Math.min(...printed.points.map(({ loss }) => loss))]);
    assert.equal(printed.barrier, null);
  });

  it('matrix: scores bases, fine-tunes and transfers of a file', async () => {
    const versions = [
      { name: 'v1', base: base1, finetuned: finetuned1 },
      { name: 'v2', base: base2 },
    ];
    await writeFile(at('matrix.json'), JSON.stringify({ tasks: ['french.txt'], versions }));
    const { code, stdout } = await score('matrix', at('matrix.json'), '--out', at('matrix-run.json'));
    assert.equal(code, 0);
    const run = (await saved('matrix-run.json')) as MatrixRun;
    assertGolden(run.bases[0], 'interpolate 0');
    assertGolden(run.bases[1], 'interpolate 1');
    assertGolden(run.finetunes[0]!, 'transferred 0');
    assertGolden(run.cells[0], 'sweep 1');
    assert.deepEqual([run.cells.length, run.cells[0]?.recovered], [1, [null]]);
    assert.match(stdout, /\n +v1 +v2\nbase +\d\.\d{4} +\d\.\d{4}\n\+ Δ v1 +– +\d\.\d{4}\nfine-tuned +\d\.\d{4} +–\n/);
  });

  it('plane: has the three models at its corners', async () => {
    const argv = ['plane', base1, base2, finetuned1, '--task', at('french.txt'), '--points', '2', '--from', '0', '--to', '1'];
    const { code } = await score(...argv, '--out', at('plane.json'));
    assert.equal(code, 0);
    const { points } = (await saved('plane.json')) as PlaneRun;
    const corner = (x: number, y: number): PointScores | undefined => points.find((point) => point.x === x && point.y === y);
    assertGolden(corner(0, 0), 'interpolate 0');
    assertGolden(corner(1, 0), 'interpolate 1');
    assertGolden(corner(0, 1), 'transferred 0');
    assertGolden(corner(1, 1), 'transferred 1');
  });

  it('evaluate: takes paths and formulas, all in one pass', async () => {
    const formulas = [base1, `b2 + 0.5*(${finetuned1} - ${base1})`];
    const { code, stdout } = await score('evaluate', ...formulas, '--model', `b2=${base2}`, '--task', at('french.txt'), '--json');
    assert.equal(code, 0);
    const report = JSON.parse(stdout) as { candidates: { label: string; scores: { loss: number }[] }[] };
    assert.deepEqual(
      report.candidates.map(({ label }) => label),
      ['base-1', 'b2 + 0.5·(finetuned-1 − base-1)'],
    );
    const { points } = (await saved('sweep.json')) as LineRun;
    const half = points.find((point) => point.at === 0.5)?.scores[0];
    assert.ok(half?.kind === 'loss' && Math.abs(report.candidates[1]!.scores[0]!.loss - half.loss) < 1e-6);
    const { candidates } = JSON.parse(stdout) as { candidates: { scores: LossScore[]; differences: ScoreDifference[] | null }[] };
    assert.equal(candidates[0]!.differences, null);
    const [loss0, loss1] = candidates.map(({ scores }) => scores[0]!);
    const gains = loss1!.itemNats.map((nats, i) => nats - loss0!.itemNats[i]!);
    const { value, standardError, itemCount } = candidates[1]!.differences![0]!;
    assert.ok(Math.abs(value - gains.reduce((sum, nats) => sum + nats, 0) / loss0!.tokenCount) < 1e-9);
    assert.ok(standardError > 0 && standardError < loss0!.standardError);
    assert.equal(itemCount, loss0!.itemNats.length);
    const unknown = await score('evaluate', ...formulas, '--model', `b2=${base2}`, '--task', at('french.txt'), '--against', 'b3');
    assert.deepEqual([unknown.code, unknown.stderr.includes('--against b3 is none of the candidates')], [2, true]);
    const plan = await score('evaluate', ...formulas, '--model', `b2=${base2}`, '--task', at('french.txt'), '--plan');
    assert.match(
      plan.stdout,
      /^Llama, 6 layers of 128.*\n2 models\nfrench: \d+ sequences, [\d,]+ tokens per model .*\nReads [\d.]+ MB in 1 pass;/,
    );
  });

  it('also scores with a command of the user’s, which gets every point as a checkpoint', async () => {
    const script =
      'const { readdirSync } = require("fs"); console.log("at work"); console.log(JSON.stringify({ files: readdirSync(process.argv[1]).length }))';
    const argv = ['curve', base1, base2, '--points', '3', '--no-geometry', '--command', `"${process.execPath}" -e '${script}' {model}`];
    const { stdout: plan } = await score(...argv, '--value', 'files', '--plan');
    assert.match(
      plan,
      /\n3 models\n.*-e .*\nRuns .* for 3 models, one after the other\. For it a checkpoint of up to 2\.74 MB is written to the temporary folder \/.*\n$/,
    );
    const { code, stdout, stderr } = await score(...argv, '--value', 'files');
    assert.deepEqual([code, stderr.split('\n').filter((line) => line === 'at work').length], [0, 3]);
    assert.match(stdout, /\n +α +value\n +0 +\d\.\d+ /);
    assert.match(stdout, /\nNo verdict on .*: the command's numbers come without a standard error\.\n/);
  });

  it('runs a command once for models that would be the same checkpoint', async () => {
    const log = at('runs.txt');
    const script = `const fs = require("fs"); fs.appendFileSync(${JSON.stringify(log)}, "x"); console.log(fs.readFileSync(${JSON.stringify(log)}).length)`;
    const models = ['--model', `a=${base1}`, '--model', `b=${base2}`];
    const command = ['--command', `"${process.execPath}" -e '${script}' {model}`];
    const { stdout } = await score('evaluate', base1, 'a + 0*(b - a)', 'a + 0.5*(b - a)', ...models, ...command, '--json');
    const { candidates } = JSON.parse(stdout) as { candidates: { scores: { value: number }[] }[] };
    assert.deepEqual(
      candidates.map(({ scores }) => scores[0]?.value),
      [1, 1, 2],
    );
  });

  it('keeps what a command scored before it failed, saves it, and goes on from there; later runs score anew', async () => {
    const [log, broken, script] = [at('calls.txt'), at('broken'), at('slow.cjs')];
    await writeFile(
      script,
      `const { appendFileSync, existsSync, readFileSync } = require('fs');
       appendFileSync(${JSON.stringify(log)}, 'x');
       const calls = readFileSync(${JSON.stringify(log)}, 'utf8').length;
       if (calls === 3 && existsSync(${JSON.stringify(broken)})) process.exit(9);
       console.log(calls);`,
    );
    await writeFile(broken, '');
    const command = ['--command', `"${process.execPath}" "${script}" {model}`, '--cache', at('command-cache'), '--out', at('command.json')];
    const argv = ['curve', base1, base2, '--points', '4', '--no-geometry', ...command];
    const calls = async (): Promise<number> => (await readFile(log, 'utf8')).length;
    const failed = await runCli(argv);
    assert.deepEqual([failed.code, failed.stdout, await calls()], [2, '', 3]);
    assert.match(failed.stderr, /What is known so far is in .*command\.json: go on with --extend\.[^]*exit code 9/);
    const partial = JSON.parse(await readFile(at('command.json'), 'utf8')) as LineRun;
    assert.deepEqual([partial.complete, partial.points.map(({ at: alpha }) => alpha)], [false, [0, 0.333333333333]]);
    const without = await runCli(['curve', base1, base2, '--extend', at('command.json'), '--task', at('short.txt')]);
    assert.deepEqual([without.code, without.stdout], [2, '']);
    assert.match(without.stderr, /--command is missing: the run was also scored with .*slow\.cjs/);
    await rm(broken);
    const values = async (): Promise<unknown> => {
      const { code, stdout } = await runCli([...argv, '--overwrite', '--json']);
      assert.equal(code, 0);
      return (JSON.parse(stdout) as { points: { value: number }[] }).points.map(({ value }) => value);
    };
    assert.deepEqual(await values(), [1, 2, 4, 5]);
    assert.deepEqual(await values(), [6, 7, 8, 9]);
  });

  it('shows what a command that fails said last, line by line', async () => {
    const script = 'console.error("one"); console.error("\\x1b[2Jtwo"); process.exitCode = 3';
    const { code, stdout, stderr } = await score('evaluate', base1, '--command', `"${process.execPath}" -e '${script}' {model}`);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /ended with exit code 3, so there is no score\. Its last lines:\n {2}one\n {2}\\u001b\[2Jtwo\n$/);
  });

  it('keeps results, and uses them the next time', async () => {
    const argv = ['curve', base1, base2, '--task', at('short.txt'), '--points', '3', '--no-geometry', '--cache', at('cache')];
    const first = await runCli(argv);
    assert.equal(first.code, 0);
    const plan = JSON.parse((await runCli([...argv, '--plan', '--json'])).stdout) as { evaluations: { cachedCount: number }[] };
    assert.deepEqual(
      plan.evaluations.map(({ cachedCount }) => cachedCount),
      [3],
    );
    const withoutTime = ({ stdout }: Outcome): string => stdout.replace(/\n[\d.]+ s\n/, '\n');
    assert.equal(withoutTime(await runCli(argv)), withoutTime(first));
  });

  it('cancelled while refining, saves what is known', async () => {
    const controller = new AbortController();
    const said: string[] = [];
    const argv = [
      'sweep',
      ...family,
      '--task',
      at('short.txt'),
      '--points',
      '3',
      '--adaptive',
      '4',
      '--no-cache',
      '--out',
      at('stopped.json'),
    ];
    const { code } = await runCli(argv, {
      signal: controller.signal,
      interactive: true,
      stderr: (text) => {
        said.push(text);
        if (text.includes('refining')) controller.abort();
      },
    });
    assert.equal(code, 2);
    assert.match(said.join(''), /What is known so far is in .*stopped\.json: go on with --extend\./);
    const run = (await saved('stopped.json')) as LineRun;
    assert.deepEqual([run.complete, run.points.length >= 5], [false, true]);
  });

  it('a folder without a model is refused before anything is scored', async () => {
    const { code, stderr } = await score('curve', base1, sample('text'), '--task', at('short.txt'), '--out', at('never.json'));
    assert.equal(code, 2);
    assert.match(stderr, /samples\/text/);
    assert.equal(existsSync(at('never.json')), false);
  });
});
