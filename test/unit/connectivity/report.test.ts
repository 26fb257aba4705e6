import assert from 'node:assert/strict';
import {
  conclusionsOf,
  formatEstimate,
  formatLoss,
  formatPosition,
  formatRecovered,
  runConnectivity,
  runFromJson,
  runToCsv,
  runToJson,
  runToMarkdown,
  tablesOf,
  type ConnectivityRun,
  type MatrixRun,
  type PlaneRun,
  type PointScores,
} from '../../../src/connectivity/index.js';
import { analyticEvaluator } from './support/analyticEvaluator.js';
import { lineRequest, matrixRequest, planeRequest } from './support/requests.js';
import { noisyScore, quizScore } from './support/scores.js';

/** One run of each kind; the line turns to NaN at its end, and its models are called what a number might be. */
async function exampleRuns(): Promise<ConnectivityRun[]> {
  const inputs = lineRequest().inputs.map((input, i) => (i === 0 ? { ...input, path: '/models/NaN' } : input));
  const broken = analyticEvaluator(({ b = 0 }) => (b === 1 ? NaN : 3 + b));
  const line = await runConnectivity(lineRequest({ inputs, tasks: ['/text/x.txt', '/text/=y,"z".txt'] }), {}, broken);
  const sweep = await runConnectivity(
    lineRequest({ path: { kind: 'sweep', finetuned: 'finetuned', base: 'base', target: 'target' } }),
    {},
    analyticEvaluator(({ finetuned = 0 }) => 3 - finetuned),
  );
  const versions = [
    { name: 'v1', base: 'base', finetuned: 'finetuned' },
    { name: 'v2', base: 'target', finetuned: 'b' },
  ];
  const lossOf = ({ finetuned = 0, b = 0 }): number => 3 - finetuned - 0.8 * b;
  const matrix = await runConnectivity(matrixRequest({ versions, inputs: lineRequest().inputs }), {}, analyticEvaluator(lossOf));
  const plane = await runConnectivity(
    planeRequest(),
    {},
    analyticEvaluator(({ b = 0, target = 0 }) => 1 + b + 2 * target),
  );
  return [line, sweep, matrix, plane];
}

describe('files of connectivity runs', () => {
  let runs: ConnectivityRun[] = [];
  before(async () => (runs = await exampleRuns()));

  it('read back as the same run, with NaN and with names that look like numbers', () => {
    for (const run of runs) assert.deepEqual(runFromJson(runToJson(run)), run);
    assert.match(runToJson(runs[0]!), /"standardError":"NaN"/);
    assert.equal(runs[0]!.title, 'NaN ↔ B');
  });

  it('refuse what is no run, with the name of the file', () => {
    const refused = (text: string, message: RegExp): void => assert.throws(() => runFromJson(text, 'x.connectivity.json'), message);
    refused('{', /^Error: x\.connectivity\.json is not valid JSON \(/);
    refused('[]', /is not a connectivity run\. Expected "format": "model-rebase\.connectivity"/);
    refused('{"format":"model-rebase.diff","version":1}', /is not a connectivity run/);
    refused(JSON.stringify({ ...runs[0], version: 2 }), /of version 2, this program reads version 1\. Update/);
  });

  it('refuse damage: any part missing, of the wrong kind, or cut short', () => {
    const optional = ['toolVersion', 'format', 'version'];
    for (const run of runs) {
      for (const key of Object.keys(run).filter((name) => !optional.includes(name))) {
        const damaged = JSON.parse(runToJson(run)) as Record<string, unknown>;
        damaged[key] = { of: 'another kind' };
        if (key === 'geometry' || key === 'settings' || key === 'choices') damaged[key] = 'text';
        assert.throws(() => runFromJson(JSON.stringify(damaged)), /is a damaged connectivity run: \S+ is /, `${run.kind} ${key}`);
        damaged[key] = undefined; // JSON leaves it out
        assert.throws(() => runFromJson(JSON.stringify(damaged)), /is a damaged connectivity run: \S+ is /, `${run.kind} without ${key}`);
      }
      const text = runToJson(run);
      assert.throws(() => runFromJson(text.slice(0, text.length / 2)), /not valid JSON/);
    }
  });

  it('refuse scores that are missing on a task, and cells of versions that are not there', () => {
    const damaged = (change: (run: Record<string, Record<string, unknown>[]>) => void, run: ConnectivityRun): void => {
      const copy = JSON.parse(runToJson(run)) as Record<string, Record<string, unknown>[]>;
      change(copy);
      assert.throws(() => runFromJson(JSON.stringify(copy)), /is a damaged connectivity run: \S+ is /);
    };
    damaged(({ points }) => void (points![1]!['scores'] = []), runs[0]!);
    damaged(({ points }) => void (points![1]!['at'] = 'here'), runs[0]!);
    damaged(({ points }) => void points!.splice(1), runs[0]!);
    damaged(({ cells }) => void (cells![0]!['source'] = 7), runs[2]!);
    damaged(({ bases }) => void bases!.pop(), runs[2]!);
  });

  it('become CSV with a line per point and task, full precision, and nothing that a spreadsheet runs', () => {
    const lines = runToCsv(runs[0]!).trimEnd().split('\r\n');
    assert.equal(lines.length, 1 + 5 * 2);
    assert.equal(lines[0], 'alpha,model,formula,task,loss,standardError,bitsPerByte,perplexity,accuracy,accuracyNormalised,value');
    assert.match(lines[2]!, /^0,,a \+ 0\.0·\(b − a\),"'=y,""z""\.txt",/);
    const [line] = runs as [Extract<ConnectivityRun, { kind: 'line' }>];
    const score = line.points[1]!.scores[0]!;
    assert.ok(score.kind === 'loss' && lines[3]!.includes(`,${score.loss},${score.standardError},`));
    assert.match(runToCsv(runs[1]!), /\r\n,base,base,x\.txt,/);
    assert.match(runToCsv(runs[2]!), /\r\ntransfer,v2,v1,base \+ 1\.0·\(b − target\),x\.txt,.*,0\.8\d*,[\d.e-]+\r\n/);
    assert.equal(runToCsv(runs[3]!).trimEnd().split('\r\n').length, 10);
  });

  it('become Markdown with verdict, table and models, names escaped', () => {
    const text = runToMarkdown(runs[1]!);
    assert.match(text, /^# Target \+ λ·\(Finetuned − Base\)\n\n- Lowest loss on x\.txt at λ = 1 over 64 windows: /);
    assert.match(text, /\n\| λ \| loss \| ± \| bits\/byte \| perplexity \|\n\|---\|--:\|--:\|--:\|--:\|\n\| 0 \| 3\.0000 \|/);
    assert.match(text, /\n\| base \| Base \| \/models\/Base \|\n/);
    assert.match(runToMarkdown(runs[0]!), /No verdict on =y,"z"\.txt: at α = 1 the loss is not a finite number/);
  });
});

describe('tables of runs', () => {
  it('show a matrix as the paper does, with what is recovered', async () => {
    const [, , matrix] = await exampleRuns();
    assert.deepEqual(tablesOf(matrix!)[0]?.columns, ['', 'v1', 'v2']);
    assert.deepEqual(tablesOf(matrix!)[0]?.rows, [
      ['base', '3.0000', '3.0000'],
      ['+ Δ v1', '–', '2.0000 (125% ± 0%)'],
      ['+ Δ v2', '2.2000 (80% ± 0%)', '–'],
      ['fine-tuned', '2.0000', '2.2000'],
    ]);
    assert.deepEqual(conclusionsOf(matrix!), [
      'On x.txt, v1 recovers most with the diff vector of v2: 80% of its own fine-tuning gain.',
      'On x.txt, v2 recovers most with the diff vector of v1: 125% of its own fine-tuning gain.',
    ]);
  });

  it('recommend no diff vector of a matrix where none carries anything over', async () => {
    const [, , matrix] = (await exampleRuns()) as [unknown, unknown, MatrixRun];
    const worse = { ...matrix, cells: matrix.cells.map((cell) => ({ ...cell, recovered: [-1.01] })) };
    assert.equal(conclusionsOf(worse)[0], 'On x.txt, no diff vector brings v1 any of its own fine-tuning gain: the best of them −101%.');
  });

  it('show a plane as it lies', async () => {
    const [, , , plane] = await exampleRuns();
    assert.deepEqual(tablesOf(plane!)[0]?.rows, [
      ['1', '3.0000', '3.5000', '4.0000'],
      ['0.5', '2.0000', '2.5000', '3.0000'],
      ['0', '1.0000', '1.5000', '2.0000'],
    ]);
  });

  it('say of a matrix and a plane how much of them has no finite score, and why', async () => {
    const [, , matrix, plane] = (await exampleRuns()) as [unknown, unknown, MatrixRun, PlaneRun];
    const spoiled = <Point extends PointScores>(point: Point): Point => ({
      ...point,
      scores: [noisyScore(NaN)],
      nonFinite: [
        { tensor: 'x.weight', count: 1 },
        { tensor: 'y.weight', count: 5 },
      ],
    });
    const [first, ...cells] = matrix.cells;
    assert.equal(
      conclusionsOf({ ...matrix, cells: [spoiled(first!), ...cells], finetunes: [null, spoiled(matrix.finetunes[1]!)] })[0],
      '2 of 5 models have no finite score, the first at v1 + Δ v2; x.weight has 1 weight that is NaN or infinite there, and so has 1 other tensor.',
    );
    const points = plane.points.map((point) => (point.x === 1 && point.y === 0.5 ? { ...point, scores: [noisyScore(NaN)] } : point));
    assert.deepEqual(conclusionsOf({ ...plane, points }), [
      '1 of 9 models has no finite score, the first at x = 1, y = 0.5, although all weights are finite.',
    ]);
    assert.deepEqual(conclusionsOf(plane), []);
  });

  it('show accuracies with the intervals that they lie in', async () => {
    const scored = analyticEvaluator(() => 0, { scoreOf: () => quizScore(30, 40) });
    const run = await runConnectivity(lineRequest(), {}, scored);
    const task = { ...run.tasks[0]!, kind: 'choice' as const };
    const { columns, rows } = tablesOf({ ...run, tasks: [task] })[0]!;
    assert.deepEqual([columns, rows[0]?.[1]], [['α', 'accuracy', '95 %', 'normalised', '95 %'], '75.0%']);
  });
});

describe('number formats of runs', () => {
  it('give a position no more digits than tell points apart', () => {
    assert.deepEqual([1 / 3, -0.25, 1, -1e-9, 1e6].map(formatPosition), ['0.333333', '−0.25', '1', '0', '1000000']);
  });

  it('give an estimate the digits that its standard error deserves', () => {
    const cases = [
      [0.123456, 0.0123, '0.123 ± 0.012'],
      [-0.012345, 0.0012, '−0.0123 ± 0.0012'],
      [-0.00001, 0.0012, '0.0000 ± 0.0012'],
      [123.4, 45, '123 ± 45'],
      [3, 0, '3.00 ± 0'],
      [0.5, NaN, '0.500'],
      [NaN, 0.1, 'NaN'],
    ] as const;
    for (const [value, error, text] of cases) assert.equal(formatEstimate(value, error), text);
    assert.deepEqual([formatLoss(3.20644), formatLoss(12345), formatLoss(NaN)], ['3.2064', '1.23e+4', 'NaN']);
    assert.deepEqual([formatRecovered(0.754), formatRecovered(-0.4), formatRecovered(null)], ['75%', '−40%', '–']);
  });
});
