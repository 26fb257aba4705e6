import assert from 'node:assert/strict';
import { connectivityPlanPage, describeCosts } from '../../../src/extension/connectivity/planPage.js';
import { alreadyScored, newTasks, refinement, requestToContinue } from '../../../src/extension/connectivity/continueRun.js';
import { badTaskOf, missingCurveRoles, newCurve, requestOfCurve } from '../../../src/extension/connectivity/curveDraft.js';
import { defaultSettings, type EvaluationPlan, type OutsideCommand } from '../../../src/extension/connectivity/connectivityRoom.js';
import { describeScoring } from '../../../src/extension/connectivity/describeScoring.js';
import { pointOfRun } from '../../../src/extension/connectivity/pointOfRun.js';
import { askedAgain, startedFromJson, startedToJson } from '../../../src/extension/connectivity/startedRun.js';
import { draftOfPoint, missingRoles, proposeOutput, requestOf } from '../../../src/extension/transfer/draft.js';
import { barrierRun, matrixRun, planeRun, sweepRun } from '../../webview/harness/connectivityFixtures.js';

const scoring = { settings: { ...defaultSettings, cacheFolder: '/cache' }, outside: undefined };
const grid = { from: 0, to: 1, points: 11, refine: 4 };

describe('Draft of a curve', () => {
  it('asks for the models of its way, and becomes a request over roles', () => {
    const draft = { ...newCurve('transferred', { finetuned: '/m/ft', base: '/m/old' }), grid, tasks: ['/t/x.txt'] };
    assert.deepEqual(missingCurveRoles(draft), ['target']);
    assert.throws(() => requestOfCurve(draft, scoring), /have to be chosen first/);
    const request = requestOfCurve({ ...draft, models: { ...draft.models, target: '/m/new' } }, scoring);
    assert.ok(request.kind === 'line' && request.geometry && request.previous === null);
    assert.deepEqual(request.path, { kind: 'transferred', finetuned: 'finetuned', base: 'base', target: 'target' });
    assert.deepEqual(
      request.inputs.map(({ role, path }) => [role, path]),
      [
        ['finetuned', '/m/ft'],
        ['base', '/m/old'],
        ['target', '/m/new'],
      ],
    );
    assert.deepEqual([request.grid, request.tasks, request.settings.cacheFolder], [grid, ['/t/x.txt'], '/cache']);
  });

  it('knows which of its tasks an error is about', () => {
    const draft = { ...newCurve('sweep'), tasks: ['/t/a.txt', '/t/a.txt.jsonl'] };
    assert.deepEqual(badTaskOf(draft, '/t/a.txt.jsonl: it is empty.'), { path: '/t/a.txt.jsonl', message: '/t/a.txt.jsonl: it is empty.' });
    assert.equal(badTaskOf(draft, '/m/config.json: it is empty.'), null);
  });

  it('uses the outside command only where the user wants it', () => {
    const outside = { command: ['score', '{model}'], value: 'x', higherIsBetter: true, timeoutSeconds: null };
    const draft = { ...newCurve('plane', { a: '/a', b: '/b', c: '/c' }), grid };
    assert.equal(requestOfCurve(draft, { ...scoring, outside }).outside, undefined);
    const request = requestOfCurve({ ...draft, outside: true }, { ...scoring, outside });
    assert.ok(request.kind === 'plane' && request.points === 11);
    assert.deepEqual(request.outside, outside);
  });
});

describe('Going on with a run', () => {
  it('keeps its models, settings, tasks and scores; only refining adds points', () => {
    const run = sweepRun();
    const request = requestToContinue(run, scoring, refinement);
    assert.ok(request.kind === 'line' && request.previous === run);
    assert.deepEqual(request.grid, { from: -0.25, to: 1.5, points: 2, refine: 8 });
    assert.deepEqual([request.settings.window, request.settings.cacheFolder, request.tasks], [256, '/cache', ['/texts/english.txt']]);
    assert.deepEqual(request.choices, run.choices);
  });

  it('takes from the file only what describes the run', () => {
    const greedy = { threads: 1, memoryBudget: 1, cacheFolder: '/elsewhere', provider: 'webgpu' };
    const writer = { overwrite: true, output: '/elsewhere', resume: true, workers: 1, inputs: [], combination: { steps: [] } };
    const run = sweepRun();
    const hostile = { ...run, settings: { ...run.settings, ...greedy }, choices: { ...run.choices, ...writer } };
    const request = requestToContinue(hostile, scoring);
    assert.deepEqual(request.settings, requestToContinue(run, scoring).settings);
    assert.deepEqual(request.choices, run.choices);
    const draft = { ...draftOfPoint(pointOfRun(hostile, { kind: 'line', at: 1 })), output: '/models/out' };
    const { overwrite, output, workers, inputs } = requestOf(draft, null);
    assert.deepEqual([overwrite, output, workers, inputs.length], [false, '/models/out', null, 3]);
  });

  it('takes further tasks, each once', () => {
    const run = matrixRun();
    const { tasks } = requestToContinue(run, scoring, { tasks: ['/texts/more.jsonl', '/texts/english.txt'] });
    assert.deepEqual(tasks, ['/texts/english.txt', '/texts/more.jsonl']);
  });

  it('knows tasks that it has already', () => {
    const paths = ['/texts/more.txt', '/texts/english.txt'];
    assert.deepEqual(newTasks(matrixRun(), paths), ['/texts/more.txt']);
    assert.match(alreadyScored(matrixRun(), paths), /^english.txt is among the tasks of this run already: choose it in/);
  });

  it('refuses to leave out the command that a run was scored with', () => {
    const run = barrierRun();
    const outside = { name: 'score', path: 'score {model}', kind: 'outside', hash: 'o' } as const;
    assert.throws(() => requestToContinue({ ...run, tasks: [...run.tasks, outside] }, scoring), /outsideCommand, in a trusted workspace/);
  });
});

describe('A point of a run as a checkpoint', () => {
  it('is the combination that was scored, of the run’s models, named after them', () => {
    const point = pointOfRun(barrierRun(), { kind: 'line', at: 0.3 });
    assert.deepEqual(point.combination.steps, [
      { scale: 1, plus: 'a', minus: null },
      { scale: 0.3, plus: 'b', minus: 'a' },
    ]);
    const draft = { ...draftOfPoint(point), output: '/models/out' };
    assert.deepEqual(missingRoles(draft), []);
    assert.equal(proposeOutput(draft), '/models/base-1+0.3-base-2');
    const { combination, inputs, vocabulary } = requestOf(draft, null);
    assert.deepEqual([combination, vocabulary], [point.combination, 'tokens']);
    assert.deepEqual(
      inputs.map(({ role, path }) => [role, path]),
      [
        ['a', '/models/base-1'],
        ['b', '/models/base-2'],
      ],
    );
  });

  it('is a transfer in a matrix, with only the models that take part', () => {
    const { combination, inputs, name } = pointOfRun(matrixRun(), { kind: 'matrix', source: 0, target: 2 });
    assert.deepEqual(combination.steps, [
      { scale: 1, plus: 'M3 base', minus: null },
      { scale: 1, plus: 'M1 fine-tuned', minus: 'M1 base' },
    ]);
    assert.deepEqual([inputs.map(({ role }) => role), name], [['M3 base', 'M1 fine-tuned', 'M1 base'], 'M3+M1']);
  });

  it('adds both directions in a plane', () => {
    const { combination } = pointOfRun(planeRun(3), { kind: 'plane', x: 0.5, y: -0.25 });
    assert.deepEqual(
      combination.steps.map(({ scale, plus, minus }) => [scale, plus, minus]),
      [
        [1, 'a', null],
        [0.5, 'b', 'a'],
        [-0.25, 'c', 'a'],
      ],
    );
  });

  it('is refused where the run has no such place', () => {
    assert.throws(() => pointOfRun(barrierRun(), { kind: 'plane', x: 0, y: 0 }), /has no such point/);
    assert.throws(() => pointOfRun(matrixRun(), { kind: 'matrix', source: 3, target: 0 }), /has no such point/); // M4 has no fine-tune
  });
});

describe('What a run says before and while it scores', () => {
  const evaluation: EvaluationPlan = {
    request: { inputs: [], candidates: [], tasks: [], choices: barrierRun().choices, settings: defaultSettings },
    inputs: [],
    formerIdentities: {},
    tasks: [{ name: 'a|b', path: '/t/a|b.txt', kind: 'loss', hash: 'h', sequenceCount: 12, tokenCount: 3000 }],
    architecture: 'Llama, 6 layers of 128, vocabulary 1,024',
    candidateCount: 5,
    cachedCount: 2,
    passes: 2,
    readByteLength: 5.2e6,
    peakMemory: 2.4e8,
    activationByteLength: 1e8,
    formedByteLength: 2.5e7,
    operations: 2.2e10,
    outside: null,
    estimatedSeconds: 3,
    findings: [{ severity: 'info', code: 'x', message: 'The text is <b>short</b>.' }],
    refusals: [],
  };
  const plan = {
    request: requestToContinue(barrierRun(), scoring, refinement),
    title: 'base-1 ↔ base-2',
    evaluations: [evaluation],
    keptCount: 11,
    mostRefined: 8,
    geometryByteLength: 5.5e6,
  };

  it('tells cost, tasks and models, with names escaped', () => {
    const text = connectivityPlanPage(plan);
    for (const said of [
      'reads 5.20 MB in 2 passes',
      '240 MB of memory',
      '12 sequences',
      'up to 8 points more',
      '5.50 MB',
      '11 models known',
    ])
      assert.ok(text.includes(said), said);
    assert.ok(!text.includes('<b>') && text.includes('a\\|b'));
    assert.ok(!text.includes('This cannot run'));
  });

  it('tells the time first, of all that is left to score', () => {
    assert.match(connectivityPlanPage(plan), /^about 3\.00 s · reads/m);
    assert.match(describeCosts({ ...plan, evaluations: [evaluation, evaluation] }), /^about 6\.00 s · reads 5\.20 MB .* \+ reads 5\.20 MB/);
    assert.match(describeCosts({ ...plan, evaluations: [evaluation, { ...evaluation, estimatedSeconds: null }] }), /^reads 5\.20 MB/);
    assert.equal(describeCosts({ ...plan, evaluations: [] }), 'nothing is left to score');
  });

  it('tells why it cannot run', () => {
    const refusals = [{ severity: 'error', code: 'tokenizer', message: 'base-2 has no tokenizer.json.' }] as const;
    const text = connectivityPlanPage({ ...plan, evaluations: [{ ...evaluation, refusals }] });
    assert.ok(text.includes('## This cannot run\n\n- base-2 has no tokenizer.json.'));
  });

  it('tells what an outside command writes, and promises of nothing else that it does not', () => {
    const outside = { command: 'score {model}', runs: 3, checkpointByteLength: 2.74e6, folder: '/tmp' };
    const alone = { ...evaluation, architecture: '', operations: 0, estimatedSeconds: null, outside };
    assert.equal(describeCosts({ ...plan, evaluations: [alone] }), 'the command runs for 3 models');
    const text = connectivityPlanPage({ ...plan, evaluations: [alone] });
    assert.match(text, /\n\nRuns score \S*\{model\S*\} for 3 models, .*2\.74 MB is written to the temporary folder .*removed afterwards/);
    assert.doesNotMatch(text, /Nothing is written|formed in memory|floating-point/);
    const both = connectivityPlanPage({ ...plan, evaluations: [{ ...evaluation, outside }] });
    assert.match(both, /\n\nModels are formed in memory, .* Llama, 6 layers .*\. Runs score/);
    assert.match(connectivityPlanPage(plan), /and scored\. Llama, 6 layers of 128, vocabulary 1,024\. Nothing is written\.\n/);
  });

  it('names the layer and the time left', () => {
    const progress = { doneBytes: 41, totalBytes: 100, bytesPerSecond: 10, tensor: null, phase: 'scoring: layer 12' };
    assert.deepEqual(describeScoring(progress), { fraction: 0.41, message: 'scoring: layer 12 · 41% · 5.90 s left' });
  });
});

describe('A run that a reload of the window ended', () => {
  it('is kept as what was asked for, without the run that it extends', () => {
    const request = requestToContinue(sweepRun(), scoring, refinement);
    const kept = startedFromJson(startedToJson({ title: 'a sweep', request }));
    assert.deepEqual(kept, { title: 'a sweep', request: JSON.parse(JSON.stringify({ ...request, previous: null })) as unknown });
    for (const text of ['{}', '{"title":"x"}', '{"title":"x","request":{"kind":"round"}}'])
      assert.throws(() => startedFromJson(text), /no started run/, text);
  });

  it('takes the outside command of the settings as they are now', () => {
    const request = requestToContinue(barrierRun(), scoring);
    const command = (program: string): OutsideCommand => ({ command: [program], value: 'x', higherIsBetter: true, timeoutSeconds: null });
    assert.equal(askedAgain(request, 'x', { outside: command('new') }), request);
    const outside = { ...request, outside: command('old') };
    assert.deepEqual(askedAgain(outside, 'x', { outside: command('new') }).outside?.command, ['new']);
    assert.throws(() => askedAgain(outside, 'x', { outside: undefined }), /outsideCommand, in a trusted workspace/);
  });
});
