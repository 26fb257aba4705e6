import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import {
  compareRounds,
  gatherEvidence,
  nextRound,
  openLineage,
  readLineage,
  recycledRound,
  refreshLineage,
  scoreRelease,
} from '../../../src/recycle/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { analyticEvaluator, type AnalyticEvaluator } from '../../unit/connectivity/support/analyticEvaluator.js';
import { baseValues, edit, makeSeries, plus, run, update, writeModel } from './support/series.js';

const tasks = ['french.txt', 'quiz.txt'];

describe('evidence and scores', () => {
  const at = temporaryFolder();

  /** The fine-tune takes 4 off the loss, the release 0.5, and between the bases there is a bump. */
  function evaluator(): AnalyticEvaluator {
    return analyticEvaluator((of) => {
      const [target = 0, finetuned = 0, base = 0] = [of['target'], of['finetuned'], of['base']];
      const bump = finetuned === 0 ? 4 * 0.3 * target * (1 - target) : 0;
      return 7 - 0.5 * target - 4 * finetuned + (base < 0 ? 0.25 : 0) + bump;
    });
  }

  async function gather(path: string, scorer: AnalyticEvaluator, sweep = false) {
    const lineage = await openLineage(path);
    const next = nextRound(lineage.file.lineage);
    const recycled = next.kind === 'round' ? recycledRound(lineage, next.round) : null;
    return gatherEvidence(lineage, recycled!, { sweep, cacheFolder: null, context: {}, evaluator: scorer });
  }

  it('hold the models of the round and the line between the bases, on every task', async () => {
    const path = await makeSeries(at('round'), 2, { tasks, finetuned: 1 });
    const scorer = evaluator();
    const { release, source, refusals, tasks: found } = await gather(path, scorer);
    assert.deepEqual([release, source, refusals, found.length], ['v2', 'v1', [], 2]);
    const losses = [found[0]!.previousBase, found[0]!.previousFineTune, found[0]!.base, found[0]!.start].map((score) =>
      score.kind === 'loss' ? Number(score.loss.toFixed(6)) : NaN,
    );
    assert.deepEqual(losses, [7, 3, 6.5, 2.75]);
    assert.equal(found[0]!.barrier?.verdict, 'barrier');
    assert.ok(Math.abs(found[0]!.barrier.height - 0.3) < 1e-9);
    assert.equal(found[0]!.optimum, null);
    assert.ok(scorer.evaluated.every((run) => run.tasks.every((task) => task.startsWith(at('round')))));
  });

  it('hold the best λ only when it is asked for', async () => {
    const path = await makeSeries(at('sweep'), 2, { tasks, finetuned: 1 });
    assert.equal((await gather(path, evaluator(), true)).tasks[0]!.optimum?.at, 1.5);
  });

  it('score nothing without tasks, or when the start cannot be formed', async () => {
    const path = await makeSeries(at('none'), 2, { finetuned: 1 });
    const scorer = evaluator();
    assert.deepEqual((await gather(path, scorer)).tasks, []);
    await writeModel(at('none', 'base-2'), baseValues(2), { model_type: 'gpt2' });
    await edit(path, '"tasks": []', '"tasks": ["x.txt"]');
    assert.match((await gather(path, scorer)).refusals.join(), /another architecture/);
    assert.deepEqual(scorer.evaluated, []);
  });

  it('are recorded for start, fine-tuned and previous version, and left out once a model is another one', async () => {
    const path = await makeSeries(at('scores'), 2, { tasks, finetuned: 1 });
    await run(path);
    const scorer = analyticEvaluator((of) => 2 + (of['start(v2)'] ?? 0));
    await scoreRelease(await refreshLineage(path), 'v2', { cacheFolder: null, context: {}, evaluator: scorer });
    const { releases } = (await readLineage(path)).lineage;
    const facts = releases.map(({ scores }) => scores.map(({ model, task, value }) => `${model} ${task} ${String(value)}`));
    assert.deepEqual(facts[0], ['finetuned french.txt 2', 'finetuned quiz.txt 2']);
    assert.deepEqual(
      facts[1]!.filter((fact) => fact.includes('french')),
      ['base french.txt 2', 'start french.txt 3', 'finetuned french.txt 2'],
    );
    const scoresOf = async () => (await compareRounds([path])).lineages[0]!.rounds[1]!.scores.map(({ model }) => model);
    assert.equal((await scoresOf()).filter((model) => model === 'finetuned').length, 2);
    await writeModel(at('scores', 'series.rounds', 'v2', 'finetuned'), plus(baseValues(2), update, 9));
    assert.equal((await scoresOf()).includes('finetuned'), false);
    const { remarks } = (await compareRounds([path])).lineages[0]!;
    assert.ok(remarks.includes('v2: scores of its finetuned are left out, for it is another model now.'), remarks.join('\n'));
  });

  it('of other texts are not compared without a word', async () => {
    const path = await makeSeries(at('basis'), 2, { tasks, finetuned: 2 });
    const options = { cacheFolder: null, context: {}, evaluator: evaluator() };
    await scoreRelease(await refreshLineage(path), 'v2', options);
    assert.deepEqual((await compareRounds([path])).remarks, []);
    const { text } = await readLineage(path);
    await writeFile(path, text.replace(/"basis": "[0-9a-f]{16}"/, `"basis": "${'0'.repeat(16)}"`));
    assert.match((await compareRounds([path])).remarks.join(), /french\.txt were not all taken on the same text cut in the same way/);
  });
});
