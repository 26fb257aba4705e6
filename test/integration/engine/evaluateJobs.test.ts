import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectivityRun, LineRequest } from '../../../src/connectivity/index.js';
import { EngineClient, jobs, type EngineError, type JobProgress } from '../../../src/engine/index.js';
import { defaultSettings } from '../../../src/evaluate/request.js';
import { copyWithEndlessTokenizer, endlessText } from '../../support/endlessTokenizer.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const root = join(__dirname, '../../..');
const sample = (name: string): string => join(root, 'samples', name);
const context = { signal: new AbortController().signal, report: () => undefined };

describe('scoring in the engine process', function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  let client: EngineClient;

  before(async () => {
    client = new EngineClient({ modulePath: join(root, 'dist', 'engine.js') });
    await writeFile(at('text.txt'), (await readFile(sample('text/python.txt'), 'utf8')).slice(0, 4000));
  });
  after(() => client.dispose());

  function request(given: Partial<LineRequest> = {}): LineRequest {
    return {
      kind: 'line',
      path: { kind: 'interpolate', a: 'a', b: 'b' },
      inputs: [
        { role: 'a', path: sample('base-1'), expect: 'checkpoint' },
        { role: 'b', path: sample('base-2'), expect: 'checkpoint' },
      ],
      grid: { from: 0, to: 1, points: 3, refine: 2 },
      geometry: true,
      previous: null,
      tasks: [at('text.txt')],
      choices: { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' },
      settings: { ...defaultSettings, window: 128 },
      ...given,
    };
  }

  it('plans and runs a line as in this process, with each partial run on the way', async () => {
    const plan = await client.request('connectivity/plan', request());
    assert.deepEqual([plan.title, plan.evaluations[0]?.candidateCount, plan.mostRefined], ['base-1 ↔ base-2', 3, 2]);
    const seen: JobProgress[] = [];
    const found = await client.request('connectivity/run', request(), { onProgress: (progress) => seen.push(progress) });
    const here = await jobs['connectivity/run'](request(), context);
    const lasting = (run: ConnectivityRun): object => ({ ...run, seconds: 0, createdAt: '' });
    assert.deepEqual(lasting(found), lasting(here));
    const partial = seen.flatMap(({ run }) => (run?.kind === 'line' ? [run.points.length] : []));
    assert.ok(found.kind === 'line' && partial.length >= 2);
    assert.deepEqual([partial[0], partial.at(-1)], [3, found.points.length]);
    assert.ok(seen.some(({ phase }) => phase?.startsWith('scoring: layer ')));
    assert.ok(seen.some(({ phase }) => phase?.startsWith('measuring distances')));
  });

  it('scores an evaluation, and passes on what a command prints', async () => {
    const { inputs, tasks, choices, settings } = request();
    const candidates = [{ label: 'base-1', combination: { steps: [{ scale: 1, plus: 'a', minus: null }] } }];
    const script = 'console.log("scoring"); console.log(JSON.stringify({ size: process.argv[1].length }))';
    const outside = { command: [process.execPath, '-e', script, '{model}'], value: 'size', higherIsBetter: true, timeoutSeconds: 60 };
    const said: string[] = [];
    const report = await client.request(
      'evaluate/run',
      { inputs, candidates, tasks, choices, settings, outside },
      { onProgress: ({ output }) => said.push(...(output === undefined ? [] : [output.text])) },
    );
    assert.deepEqual(
      report.candidates[0]?.scores.map(({ kind }) => kind),
      ['loss', 'outside'],
    );
    assert.equal(said[0], 'scoring');
  });

  it('answers others while a tokenizer comes to no end, and cancels that within a second', async () => {
    await copyWithEndlessTokenizer(sample('base-1'), at('endless'));
    await writeFile(at('endless.txt'), endlessText);
    const inputs = [
      { role: 'a', path: at('endless'), expect: 'checkpoint' as const },
      { role: 'b', path: sample('base-2'), expect: 'checkpoint' as const },
    ];
    const controller = new AbortController();
    const endless = client.request('connectivity/plan', request({ inputs, tasks: [at('endless.txt')] }), { signal: controller.signal });
    const ended = assert.rejects(endless, (error: EngineError) => error.kind === 'AbortError');
    await delay(1000);
    const asked = performance.now();
    await client.request('checkpoint/open', { path: sample('base-2') });
    assert.ok(performance.now() - asked < 1000, 'another job waited');
    const cancelled = performance.now();
    controller.abort();
    await ended;
    await client.request('checkpoint/open', { path: sample('base-2') });
    assert.ok(performance.now() - cancelled < 1000, 'cancelling took long');
  });

  it('cancelled, ends soon and leaves the engine alive', async () => {
    const controller = new AbortController();
    const running = client.request('connectivity/run', request({ grid: { from: 0, to: 1, points: 41, refine: 0 } }), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(running, (error: EngineError) => error.kind === 'AbortError');
    assert.equal((await client.request('connectivity/plan', request())).evaluations.length, 1);
  });
});
