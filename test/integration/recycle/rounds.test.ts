import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { readLineage, refreshLineage, type Strategy } from '../../../src/recycle/index.js';
import { jobs } from '../../../src/engine/jobs.js';
import { verify } from '../../../src/combine/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { baseValues, makeSeries, plus, readModel, run, update } from './support/series.js';

/** Runs every round that is due. @returns what was trained, in order */
async function runAll(path: string): Promise<string[]> {
  const trained: string[] = [];
  for (;;) {
    const result = await run(path);
    if (result.kind === 'complete') return trained;
    trained.push(`${result.round.fineTune}(${result.round.release.name})`);
  }
}

describe('rounds over three releases', () => {
  const at = temporaryFolder();

  /** How often the trainer's update is in the fine-tuned version of each release (Lin et al. 2025, Algorithm 1 and § 5). */
  const updates: Readonly<Record<Strategy, readonly number[]>> = { iterative: [1, 2, 3], direct: [1, 2, 2], plain: [1, 1, 1] };
  const order: Readonly<Record<Strategy, readonly string[]>> = {
    iterative: ['finetuned(v1)', 'finetuned(v2)', 'finetuned(v3)'],
    direct: ['finetuned(v1)', 'finetuned(v2)', 'plain(v2)', 'finetuned(v3)'],
    plain: ['finetuned(v1)', 'finetuned(v2)', 'finetuned(v3)'],
  };

  for (const strategy of ['iterative', 'direct', 'plain'] as const) {
    it(`carries the diff vector as ${strategy} says`, async () => {
      const path = await makeSeries(at(strategy), 3, { strategy });
      assert.deepEqual(await runAll(path), order[strategy]);
      for (const [i, times] of updates[strategy].entries()) {
        const release = `v${i + 1}`;
        assert.deepEqual(
          await readModel(at(strategy, 'series.rounds', release, 'finetuned')),
          plus(baseValues(i + 1), update, times),
          release,
        );
        const start = at(strategy, 'series.rounds', release, 'start');
        assert.equal(existsSync(start), strategy !== 'plain' && i > 0, `${release} start`);
        if (!existsSync(start)) continue;
        assert.deepEqual(await readModel(start), plus(baseValues(i + 1), update, times - 1));
        assert.deepEqual((await verify(start, { deep: true })).differences, []);
      }
      const { lineage } = await readLineage(path);
      assert.deepEqual(
        lineage.releases.map(({ state, finetuned }) => [state, finetuned]),
        [1, 2, 3].map((i) => ['finetuned', `series.rounds/v${i}/finetuned`]),
      );
      const third = lineage.releases[2]!;
      const of = strategy === 'direct' ? 'plain' : 'finetuned';
      assert.equal(third.delta?.formula, strategy === 'plain' ? undefined : `base(v3) + (${of}(v2) − base(v2))`);
    });
  }

  it('fine-tunes bases plainly for comparison, beside the rounds', async () => {
    const path = await makeSeries(at('control'), 2);
    await runAll(path);
    const result = await run(path, { plain: true });
    assert.deepEqual(result.kind === 'trained' && [result.round.fineTune, result.round.release.name], ['plain', 'v2']);
    assert.deepEqual(await readModel(at('control', 'series.rounds', 'v2', 'plain')), plus(baseValues(2), update));
    assert.equal((await readLineage(path)).lineage.releases[1]!.plain, 'series.rounds/v2/plain');
    assert.equal((await run(path, { plain: true })).kind, 'complete');
  });

  it('takes up what a killed run left behind without a word in the file', async () => {
    const path = await makeSeries(at('behind'), 2, { finetuned: 1 });
    const before = await readFile(path, 'utf8');
    const context = { signal: new AbortController().signal, report: () => undefined };
    await jobs['recycle/prepare']({ path, overwrite: false }, context);
    await writeFile(path, before);
    assert.equal((await refreshLineage(path)).file.lineage.releases[1]!.delta?.release, 'v1');
    await run(path);
    const after = (await readLineage(path)).lineage.releases[1]!;
    await writeFile(path, before);
    assert.equal((await run(path)).kind, 'complete');
    const { state, start, finetuned, delta, inputs } = (await readLineage(path)).lineage.releases[1]!;
    assert.deepEqual([state, start, finetuned, delta, inputs], ['finetuned', after.start, after.finetuned, after.delta, after.inputs]);
  });

  it('changes nothing when nothing is due', async () => {
    const path = await makeSeries(at('idle'), 1);
    await runAll(path);
    const before = await readFile(path, 'utf8');
    assert.equal((await run(path)).kind, 'complete');
    assert.equal(await readFile(path, 'utf8'), before);
  });

  it('goes on when the start of a finished round was removed to save room', async () => {
    const path = await makeSeries(at('removed'), 3);
    await run(path);
    await run(path);
    await rm(at('removed', 'series.rounds', 'v2', 'start'), { recursive: true });
    assert.equal((await run(path)).kind, 'trained');
    const { delta, start } = (await readLineage(path)).lineage.releases[1]!;
    assert.deepEqual([delta?.release, start], ['v1', null]);
  });

  it('logs what the command printed, with the command', async () => {
    const path = await makeSeries(at('log'), 1);
    await run(path);
    const log = await readFile(at('log', 'series.rounds', 'v1', 'train.log'), 'utf8');
    assert.match(log, /^# \d{4}-.*trainer\.mjs .*base-1 .*finetuned\.partial well\ntraining well\n$/);
  });
});
