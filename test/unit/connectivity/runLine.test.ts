import assert from 'node:assert/strict';
import {
  conclusionsOf,
  planConnectivity,
  runConnectivity,
  type ConnectivityProgress,
  type ConnectivityRun,
  type LineRequest,
  type LineRun,
} from '../../../src/connectivity/index.js';
import { analyticEvaluator, type AnalyticEvaluator, type Coefficients } from './support/analyticEvaluator.js';
import { outsideTask } from './support/scores.js';
import { lineRequest } from './support/requests.js';

/** A ridge between a and b. */
const ridge = ({ b = 0 }: Coefficients): number => 3 + 0.4 * Math.max(0, 0.25 - (b - 0.5) ** 2);

async function run(request: LineRequest, evaluator: AnalyticEvaluator, onRun?: (run: ConnectivityRun) => void): Promise<LineRun> {
  const found = await runConnectivity(request, onRun === undefined ? {} : { onRun }, evaluator);
  assert.equal(found.kind, 'line');
  return found;
}

describe('run of a line', () => {
  it('scores the whole grid in one evaluation', async () => {
    const evaluator = analyticEvaluator(ridge);
    const found = await run(lineRequest(), evaluator);
    assert.deepEqual(evaluator.evaluated, [{ labels: ['α = 0.0', 'α = 0.25', 'α = 0.5', 'α = 0.75', 'α = 1.0'], tasks: ['/text/x.txt'] }]);
    assert.deepEqual(
      found.points.map(({ at, formula }) => [at, formula]),
      [0, 0.25, 0.5, 0.75, 1].map((at) => [at, `a + ${at % 1 === 0 ? `${at}.0` : at}·(b − a)`]),
    );
    assert.deepEqual([found.title, found.complete, found.barriers[0]?.alpha, found.barriers[0]?.verdict], ['A ↔ B', true, 0.5, 'barrier']);
    assert.ok(Math.abs(found.barriers[0]!.height - 0.1) < 1e-9);
    assert.deepEqual([found.optima, found.references, found.geometry], [[null], [], null]);
    assert.equal(found.findings[0]?.message, 'made by a formula');
  });

  it('scores a sweep with the models that it is judged by', async () => {
    const evaluator = analyticEvaluator(({ finetuned = 0 }) => 3 + (finetuned - 0.5) ** 2);
    const path = { kind: 'sweep', finetuned: 'finetuned', base: 'base', target: 'target' } as const;
    const found = await run(lineRequest({ path, grid: { from: -0.25, to: 1.5, points: 8, refine: 0 } }), evaluator);
    assert.equal(found.title, 'Target + λ·(Finetuned − Base)');
    assert.deepEqual(evaluator.evaluated[0]?.labels.slice(-3), ['λ = 1.5', 'base', 'finetuned']);
    assert.deepEqual(
      found.references.map(({ role, formula }) => [role, formula]),
      [
        ['base', 'base'],
        ['finetuned', 'finetuned'],
      ],
    );
    assert.deepEqual([found.optima[0]?.at, found.barriers], [0.5, [null]]);
    assert.ok(Math.abs(found.capability[0]!.finetunedLoss! - 3.25) < 1e-9);
  });

  it('walks from the fine-tuned to the transferred version', async () => {
    const evaluator = analyticEvaluator(() => 3);
    const path = { kind: 'transferred', finetuned: 'finetuned', base: 'base', target: 'target' } as const;
    const found = await run(lineRequest({ path }), evaluator);
    assert.equal(found.points.at(-1)?.formula, 'finetuned + 1.0·(target − base)');
    assert.deepEqual(
      found.references.map(({ role }) => role),
      ['base', 'target'],
    );
    assert.equal(found.barriers[0]?.verdict, 'connected');
  });

  it('refines in rounds, each reported as it is known', async () => {
    const evaluator = analyticEvaluator(ridge);
    const seen: ConnectivityRun[] = [];
    const grid = { from: 0, to: 1, points: 3, refine: 4 };
    const found = await run(lineRequest({ grid }), evaluator, (partial) => seen.push(partial));
    assert.deepEqual(
      evaluator.evaluated.map(({ labels }) => labels.length),
      [3, 2, 1, 1],
    );
    assert.equal(found.points.length, 7);
    assert.deepEqual(
      seen.map((partial) => (partial as LineRun).points.length),
      [3, 5, 6],
    );
    assert.ok(seen.every(({ complete }) => !complete));
    assert.deepEqual(
      found.points.map(({ at }) => at),
      [...found.points.map(({ at }) => at)].sort((x, y) => x - y),
    );
  });

  it('goes on with a run at the cost of the new points and tasks only', async () => {
    const first = await run(lineRequest(), analyticEvaluator(ridge));
    const more = analyticEvaluator(ridge);
    const request = lineRequest({ previous: first, grid: { from: 0, to: 1, points: 3, refine: 0 }, tasks: ['/text/x.txt', '/text/y.txt'] });
    const plan = await planConnectivity(request, new AbortController().signal, more);
    assert.deepEqual([plan.keptCount, plan.evaluations.map(({ candidateCount }) => candidateCount)], [0, [5]]);
    const extended = await run(request, more);
    assert.deepEqual(more.evaluated, [{ labels: ['α = 0.0', 'α = 0.25', 'α = 0.5', 'α = 0.75', 'α = 1.0'], tasks: ['/text/y.txt'] }]);
    assert.deepEqual(
      extended.points.map(({ at, scores }) => [at, scores.length]),
      [0, 0.25, 0.5, 0.75, 1].map((at) => [at, 2]),
    );

    const finer = analyticEvaluator(ridge);
    const refined = await run(lineRequest({ previous: first, grid: { from: 0, to: 1, points: 9, refine: 0 } }), finer);
    assert.deepEqual(
      finer.evaluated.map(({ labels }) => labels),
      [['α = 0.125', 'α = 0.375', 'α = 0.625', 'α = 0.875']],
    );
    assert.deepEqual(
      refined.points.filter(({ at }) => at % 0.25 === 0),
      first.points,
    );

    const nothing = analyticEvaluator(ridge);
    assert.deepEqual((await run(lineRequest({ previous: first }), nothing)).points, first.points);
    assert.deepEqual(nothing.evaluated, []);
  });

  it('does not mix scores of other models, settings or paths', async () => {
    const first = await run(lineRequest(), analyticEvaluator(ridge));
    const refused = (request: LineRequest, identity: string, message: RegExp): Promise<void> =>
      assert.rejects(run(request, analyticEvaluator(ridge, { identity })), message);
    const { settings } = lineRequest();
    await refused(lineRequest({ previous: first }), '2', /"A ↔ B" cannot be continued: a model has changed/);
    await refused(
      lineRequest({ previous: first, settings: { ...settings, precision: 'f32' } }),
      '1',
      /cannot be continued: its precision is stored, not f32\./,
    );
    await refused(lineRequest({ previous: first, path: { kind: 'interpolate', a: 'b', b: 'a' } }), '1', /other models or another path/);
    await refused(lineRequest({ previous: first, choices: { ...lineRequest().choices, include: ['*.mlp.*'] } }), '1', /choice of tensors/);
  });

  it('goes on with a run that knew its models by the time of their writing, as long as that stands', async () => {
    const first = await run(lineRequest(), analyticEvaluator(ridge));
    const former = { ...first, inputs: first.inputs.map((input) => ({ ...input, identity: 'former 7' })) };
    const same = await run(lineRequest({ previous: former }), analyticEvaluator(ridge, { identity: '7' }));
    assert.deepEqual(same.points, first.points);
    await assert.rejects(run(lineRequest({ previous: former }), analyticEvaluator(ridge, { identity: '8' })), /a model has changed/);
  });

  it('says why there is no verdict, and refines a line of two points too', async () => {
    const ends = lineRequest({ grid: { from: 0, to: 1, points: 2, refine: 0 } });
    const two = await run(ends, analyticEvaluator(ridge));
    assert.match(conclusionsOf(two)[0]!, /^No verdict on x\.txt: α = 0, α = 1 and a point between them are not all scored\.$/);
    const refined = await run({ ...ends, grid: { ...ends.grid, refine: 3 } }, analyticEvaluator(ridge));
    assert.equal(refined.points.length, 5);
    assert.match(conclusionsOf(refined)[0]!, /^Barrier on x\.txt/);
  });

  it('does not drop what a command scored', async () => {
    const first = await run(lineRequest(), analyticEvaluator(ridge));
    const scored = { ...first, tasks: [...first.tasks, outsideTask] };
    await assert.rejects(
      run(lineRequest({ previous: scored }), analyticEvaluator(ridge)),
      /"A ↔ B" cannot be continued: what the command lm_eval \{model\} scored would be lost\. Start a new run, or give what it was made with/,
    );
  });

  it('does not score what the plan refuses, and says why', async () => {
    const evaluator = analyticEvaluator(ridge, { refusal: 'no tokenizer' });
    await assert.rejects(run(lineRequest(), evaluator), /^RefusedError: no tokenizer$/);
    assert.deepEqual(evaluator.evaluated, []);
    const plan = await planConnectivity(lineRequest(), new AbortController().signal, evaluator);
    assert.equal(plan.evaluations[0]?.refusals[0]?.message, 'no tokenizer');
  });

  it('cancelled while refining, has reported what it knows', async () => {
    const controller = new AbortController();
    const seen: LineRun[] = [];
    const context = {
      signal: controller.signal,
      onRun: (partial: ConnectivityRun) => {
        seen.push(partial as LineRun);
        controller.abort();
      },
    };
    const request = lineRequest({ grid: { from: 0, to: 1, points: 5, refine: 3 } });
    await assert.rejects(runConnectivity(request, context, analyticEvaluator(ridge)), { name: 'AbortError' });
    assert.deepEqual(
      seen.map(({ points, complete }) => [points.length, complete]),
      [[5, false]],
    );
  });

  it('says what it is doing', async () => {
    const phases: ConnectivityProgress[] = [];
    const request = lineRequest({ grid: { from: 0, to: 1, points: 3, refine: 1 } });
    await runConnectivity(request, { onProgress: (progress) => phases.push(progress) }, analyticEvaluator(ridge));
    assert.deepEqual(
      phases.map(({ phase, stage }) => [phase, stage]),
      [
        ['scoring', 'layer 0'],
        ['refining', 'layer 0'],
      ],
    );
  });
});
