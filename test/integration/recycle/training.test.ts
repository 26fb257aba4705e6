import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { claimTraining, moveOwned } from '../../../src/recycle/disk/trainingOwner.js';
import { roundPaths } from '../../../src/recycle/disk/roundPaths.js';
import { openLineage, readLineage } from '../../../src/recycle/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { baseValues, edit, makeSeries, plus, readModel, run, update } from './support/series.js';

describe('fine-tuning commands', () => {
  const at = temporaryFolder();

  async function stateOf(path: string): Promise<unknown> {
    return (await readLineage(path)).lineage.releases[0]!.state;
  }

  const failures: readonly (readonly [mode: string, message: RegExp])[] = [
    ['fail', /ended with exit code 3, so v1 has no fine-tuned version\..*train\.log.*\n {2}training fail\n {2}out of memory/s],
    ['nothing', /ended with exit code 0 but wrote nothing to .*finetuned\.partial\. Let it write .* \{out\} stands for\./],
    ['garbage', /model\.safetensors.*What .* wrote is kept in .*finetuned\.failed; its output is in .*train\.log\./s],
    ['nan', /tensor "model\.embed_tokens\.weight" has 1 weight that are NaN or infinite.*finetuned\.failed/],
    ['reshape', /is no fine-tuned version of .*base-1: .*model\.embed_tokens\.weight.*finetuned\.failed/],
    ['rename', /is no fine-tuned version of .*base-1: .*(gpt2 instead of llama|llama instead of gpt2).*finetuned\.failed/],
  ];

  for (const [mode, message] of failures) {
    it(`that go wrong are told of, and lose nothing: ${mode}`, async () => {
      const path = await makeSeries(at(mode), 1, { mode });
      await assert.rejects(run(path), message);
      assert.equal(await stateOf(path), 'interrupted');
      assert.equal(existsSync(at(mode, 'series.rounds', 'v1', 'finetuned')), false);
      assert.equal(existsSync(at(mode, 'series.rounds', 'v1', 'finetuned.failed')), String(message).includes('failed'));
      await edit(path, mode, 'well');
      assert.equal((await run(path)).kind, 'trained');
      assert.deepEqual(await readModel(at(mode, 'series.rounds', 'v1', 'finetuned')), plus(baseValues(1), update));
    });
  }

  it('get the same folder again, so that they can go on with their own', async () => {
    const path = await makeSeries(at('steps'), 1, { mode: 'steps' });
    for (let attempt = 0; attempt < 2; attempt++) await assert.rejects(run(path), /exit code 9/);
    assert.equal((await run(path)).kind, 'trained');
    assert.equal(await readFile(at('steps', 'series.rounds', 'v1', 'finetuned', 'steps.txt'), 'utf8'), 'step\nstep\nstep\n');
  });

  it('end with their process when cancelled, and can be run again', async () => {
    const path = await makeSeries(at('hang'), 1, { mode: 'hang' });
    const cancellation = new AbortController();
    const running = run(path, { signal: cancellation.signal });
    const begun = at('hang', 'series.rounds', 'v1', 'finetuned.partial.begun');
    while (!existsSync(begun)) await delay(20);
    const { releases } = await openLineage(path);
    assert.equal(releases[0]!.state, 'training');
    const pid = releases[0]!.training.finetuned!.pid;
    await assert.rejects(
      run(path),
      new RegExp(`still under way as process ${pid} \\(last sign of life 0\\.\\d+ s ago\\)\\. Wait until it has ended`),
    );
    assert.equal(await stateOf(path), 'training', 'the second run has not touched the state');
    cancellation.abort(new Error('enough'));
    await assert.rejects(running, { message: 'enough' });
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.equal((await openLineage(path)).releases[0]!.state, 'interrupted');
  });

  it('of an earlier version are believed to run only while they do', async () => {
    const path = await makeSeries(at('stale'), 1);
    await run(path);
    const record = at('stale', 'series.rounds', 'v1', 'train.json');
    const trains = async (process: object | string, age = 0): Promise<boolean> => {
      await writeFile(record, typeof process === 'string' ? process : JSON.stringify(process));
      await utimes(record, Date.now() / 1000 - age, Date.now() / 1000 - age);
      return (await openLineage(path)).releases[0]!.training.finetuned !== undefined;
    };
    const here = { pid: process.pid, host: hostname(), startedAt: new Date().toISOString(), command: [] };
    assert.equal(await trains(here), true);
    assert.equal(await trains({ ...here, pid: 2 ** 22 + 1 }), false);
    assert.equal(await trains({ ...here, startedAt: '1999-01-01T00:00:00.000Z' }), false, 'before the machine started');
    const elsewhere = { ...here, host: 'elsewhere', pid: 2 ** 22 + 1 };
    assert.equal(await trains(elsewhere), true, 'nothing is known of another machine');
    assert.equal(await trains(elsewhere, 301), false, 'which does not count as alive for ever');
    assert.equal(await trains('{"pid": 1'), false, 'cut off');
  });

  it('have one owner: of several that begin at once, one trains, and the others name it', async () => {
    const path = await makeSeries(at('several'), 1, { mode: 'hang' });
    const cancellation = new AbortController();
    const runs = Array.from({ length: 4 }, () => run(path, { signal: cancellation.signal }));
    const ends = Promise.allSettled(runs);
    while (!existsSync(at('several', 'series.rounds', 'v1', 'finetuned.partial.begun'))) await delay(20);
    await delay(300);
    cancellation.abort(new Error('enough'));
    const messages = (await ends).map((end) => (end.status === 'rejected' ? (end.reason as Error).message : '')).sort();
    assert.equal(messages.filter((message) => message === 'enough').length, 1, messages.join('\n'));
    const log = await readFile(at('several', 'series.rounds', 'v1', 'train.log'), 'utf8');
    assert.equal(log.split('\n').filter((line) => line === 'training hang').length, 1, 'one command was run');
    assert.equal(existsSync(at('several', 'series.rounds', 'v1', 'train.partial')), false);
  });

  it('whose owner was taken over name nothing any more, and what one has left half named is found', async () => {
    const paths = roundPaths(at('owned', 'series.lineage.json'), 'v1', 'finetuned');
    await mkdir(paths.partial, { recursive: true });
    const former = await claimTraining(paths, false);
    await assert.rejects(claimTraining(paths, false), { name: 'TrainingUnderWayError' });
    const owner = await claimTraining(paths, true);
    await assert.rejects(moveOwned(former, paths.partial, paths.result), { code: 'ENOENT' });
    assert.equal(existsSync(paths.partial), true);
    await rename(paths.partial, owner.path('finetuned'));
    await mkdir(owner.path('finetuned.failed-2'));
    await owner.release();
    const next = await claimTraining(paths, false);
    assert.deepEqual([existsSync(paths.partial), existsSync(`${paths.result}.failed-2`)], [true, true]);
    await next.remove();
    assert.deepEqual((await readdir(paths.folder)).sort(), ['finetuned.failed-2', 'finetuned.partial']);
  });

  it('are told of a program that is not there, and of no command at all', async () => {
    const path = await makeSeries(at('absent'), 1, { command: ['no-such-program', '{start}', '{out}'] });
    await assert.rejects(run(path), /The program no-such-program was not found/);
    const none = await makeSeries(at('none'), 1, { command: null });
    await assert.rejects(run(none), /has no command to fine-tune with\. Add "command": \[.*"\{start\}".*"\{out\}"\], or record a model/);
  });

  it('that change nothing are warned of', async () => {
    const result = await run(await makeSeries(at('same'), 1, { mode: 'idle' }));
    assert.match(
      result.kind === 'trained' ? result.check.remarks.join() : '',
      /holds the same values as .*base-1: training has changed nothing/,
    );
  });
});
