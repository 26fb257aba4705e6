import assert from 'node:assert/strict';
import { runConnectivity, type MatrixRun, type PlaneRun } from '../../../src/connectivity/index.js';
import { analyticEvaluator, type Coefficients } from './support/analyticEvaluator.js';
import { matrixRequest, planeRequest } from './support/requests.js';
import { noisyScore, outsideScore } from './support/scores.js';

/** GSM8K, Lin et al. (2025), Table 3: columns M1 to M5. */
const paper = {
  base: [13.2, 19.4, 24.4, 64.5, 65.5],
  transfers: [
    [NaN, 26.6, 32.0, 27.5, 19.6],
    [19.0, NaN, 39.8, 25.9, 17.3],
    [14.3, 25.0, NaN, 68.6, 70.3],
    [11.8, 18.0, 22.6, NaN, 77.1],
    [11.9, 16.0, 24.0, 72.9, NaN],
  ],
  finetuned: [45.1, 50.7, 60.4, 75.7, 75.5],
};

const versions = paper.base.map((_, i) => ({ name: `M${i + 1}`, base: `m${i}`, finetuned: `f${i}` }));
const inputs = versions.flatMap(({ base, finetuned }) =>
  [base, finetuned].map((role) => ({ role, path: `/models/${role}`, expect: 'checkpoint' as const })),
);

/** The paper's number of a combination: `mₜ`, `fₛ`, or `mₜ + fₛ − mₛ`. */
function paperScore(coefficients: Coefficients): number {
  const [target] = indices(coefficients, 'm', 1);
  const [source] = indices(coefficients, 'f', 1);
  if (source === undefined) return paper.base[target!]!;
  return target === undefined ? paper.finetuned[source]! : paper.transfers[source]![target]!;
}

function indices(coefficients: Coefficients, letter: string, weight: number): number[] {
  return versions.flatMap((_, i) => (coefficients[`${letter}${i}`] === weight ? [i] : []));
}

describe('transfer matrix', () => {
  it('scores every base, fine-tune and transfer once, and finds what the paper’s table recovers', async () => {
    const evaluator = analyticEvaluator(() => 0, { scoreOf: (coefficients) => outsideScore(paperScore(coefficients)) });
    const found = (await runConnectivity(matrixRequest({ versions, inputs }), {}, evaluator)) as MatrixRun;
    assert.equal(evaluator.evaluated.length, 1);
    assert.equal(evaluator.evaluated[0]!.labels.length, 5 + 5 + 20);
    assert.equal(found.cells.length, 20);
    const best = versions.map((_, target) => {
      const shares = found.cells.filter((cell) => cell.target === target).map(({ recovered }) => recovered[0]!);
      return Math.round(Math.max(...shares) * 100);
    });
    assert.deepEqual(best, [18, 23, 43, 75, 116]);
    const cell = found.cells.find(({ source, target }) => source === 2 && target === 3)!;
    assert.equal(cell.formula, 'm3 + 1.0·(f2 − m2)');
    assert.equal(found.title, 'Transfer matrix of M1, M2, M3, M4, M5');
  });

  it('leaves open what a fine-tune that is missing or gains nothing would recover', async () => {
    const three = [
      { name: 'x', base: 'x0', finetuned: 'x1' },
      { name: 'y', base: 'y0', finetuned: null },
      { name: 'z', base: 'z0', finetuned: 'z1' },
    ];
    const seeds: Record<string, number> = { x0: 1, x1: 2, y0: 3, z0: 4, z1: 5 };
    const scoreOf = (coefficients: Coefficients) => {
      const seed = Object.entries(coefficients).reduce((sum, [role, weight]) => sum + seeds[role]! * weight, 0);
      return noisyScore(3 - (coefficients['x1'] ?? 0), seed + 10, { windows: 32, shared: 0.5, own: 0.01 });
    };
    const found = (await runConnectivity(
      matrixRequest({ versions: three, inputs: [] }),
      {},
      analyticEvaluator(() => 0, { scoreOf }),
    )) as MatrixRun;
    assert.deepEqual(
      found.cells.map(({ source, target, recovered }) => [source, target, recovered[0] === null]),
      [
        [2, 0, false],
        [0, 1, true],
        [2, 1, true],
        [0, 2, true],
      ],
    );
    assert.deepEqual(
      found.finetunes.map((point) => point === null),
      [false, true, false],
    );
  });

  it('goes on with another task at its cost alone', async () => {
    const two = versions.slice(3);
    const request = matrixRequest({ versions: two, inputs: inputs.slice(6) });
    const scoreOf = (coefficients: Coefficients) => outsideScore(paperScore(coefficients));
    const first = (await runConnectivity(
      request,
      {},
      analyticEvaluator(() => 0, { scoreOf }),
    )) as MatrixRun;
    const more = analyticEvaluator(() => 0, { scoreOf });
    const both = (await runConnectivity({ ...request, previous: first, tasks: ['/text/x.txt', '/text/y.txt'] }, {}, more)) as MatrixRun;
    assert.deepEqual(
      more.evaluated.map(({ tasks, labels }) => [tasks, labels.length]),
      [[['/text/y.txt'], 6]],
    );
    assert.deepEqual(
      both.cells.map(({ scores }) => scores.length),
      [2, 2],
    );
  });
});

describe('plane through three models', () => {
  it('scores a + x·(b − a) + y·(c − a) on a grid', async () => {
    const evaluator = analyticEvaluator(({ a = 0, b = 0, target = 0 }) => 1 * a + 2 * b + 4 * target);
    const found = (await runConnectivity(planeRequest(), {}, evaluator)) as PlaneRun;
    assert.equal(found.points.length, 9);
    for (const { x, y, scores } of found.points) {
      const [score] = scores;
      assert.ok(score?.kind === 'loss' && Math.abs(score.loss - (1 + x + 3 * y)) < 1e-9);
    }
    assert.deepEqual([found.title, evaluator.evaluated.length], ['Plane through A, B and Target', 1]);
  });

  it('refuses more points than anyone would wait for', async () => {
    await assert.rejects(
      runConnectivity(
        planeRequest({ points: 60 }),
        {},
        analyticEvaluator(() => 0),
      ),
      /at most 41 points per axis/,
    );
  });
});
