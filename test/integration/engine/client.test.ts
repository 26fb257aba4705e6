import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { DiffReport } from '../../../src/compare/index.js';
import { EngineClient, EngineError, jobs, type DiffRequest, type EngineDeath, type JobProgress } from '../../../src/engine/index.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { writeSparse } from '../../support/sparseCheckpoint.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { encode } from '../../unit/compute/support/chunks.js';

const root = join(__dirname, '../../..');
const modulePath = join(root, 'dist', 'engine.js');
const sample = (name: string) => join(root, 'samples', name);
const context = { signal: new AbortController().signal, report: () => undefined };

function diffOf(a: string, b: string): DiffRequest {
  return { a, b, options: { engine: 'simd', workers: 1, prefixMap: null } };
}

/** A report without what differs from run to run. */
function timeless(report: DiffReport): DiffReport {
  return { ...report, createdAt: '', seconds: 0 };
}

/** The error of a request that has to fail. */
async function failure(request: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await request.then(
    () => assert.fail('the request succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof EngineError, String(error));
  return error;
}

describe('engine process', () => {
  const at = temporaryFolder();
  let client: EngineClient;
  const deaths: EngineDeath[] = [];
  const lines: string[] = [];

  before(async () => {
    client = new EngineClient({ modulePath, onDeath: (death) => deaths.push(death), log: (line) => lines.push(line) });
    const large = [{ name: 'large', dtype: 'BF16', shape: [2 ** 31] }] as const;
    await Promise.all([writeSparse(at('large-a.safetensors'), large), writeSparse(at('large-b.safetensors'), large)]);
  });

  after(() => client.dispose());

  /** A job that would take many seconds, once it has begun to report. */
  async function begin(running: EngineClient, signal?: AbortSignal): Promise<{ job: Promise<DiffReport>; reports: JobProgress[] }> {
    const reports: JobProgress[] = [];
    let begun: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    const onProgress = (progress: JobProgress) => {
      reports.push(progress);
      begun();
    };
    const job = running.request('diff/run', diffOf(at('large-a.safetensors'), at('large-b.safetensors')), {
      onProgress,
      ...(signal ? { signal } : {}),
    });
    job.catch(() => undefined);
    await Promise.race([first, job]);
    return { job, reports };
  }

  it('starts with the first request, and opens, discovers, diffs and details as the same code does in process', async () => {
    assert.deepEqual([client.processId], [null]);
    const opened = await client.request('checkpoint/open', { path: sample('base-2') });
    assert.ok(client.processId !== null && client.processId !== process.pid);
    assert.deepEqual(opened, await jobs['checkpoint/open']({ path: sample('base-2') }, context));
    const folder = join(root, 'samples');
    assert.deepEqual(await client.request('checkpoint/discover', { folder }), await jobs['checkpoint/discover']({ folder }, context));
    const request = diffOf(sample('base-1'), sample('base-2'));
    assert.deepEqual(timeless(await client.request('diff/run', request)), timeless(await jobs['diff/run'](request, context)));
    const name = 'lm_head.weight';
    const detail = { a: sample('base-1'), b: sample('finetuned-1'), nameA: name, nameB: name };
    assert.deepEqual(await client.request('diff/tensor', detail), await jobs['diff/tensor'](detail, context));
  });

  it('carries NaN and infinities as they are', async () => {
    const write = (file: string, values: readonly number[]) =>
      writeSafetensors(at(file), [{ name: 'x', dtype: 'F32', shape: [2], bytes: encode('F32', values) }]);
    await Promise.all([write('zeros.safetensors', [0, 0]), write('ones.safetensors', [1, NaN])]);
    const report = await client.request('diff/run', diffOf(at('zeros.safetensors'), at('ones.safetensors')));
    const { cosine, relativeChange, nonFiniteB } = report.tensors[0]!;
    assert.deepEqual({ cosine, relativeChange, nonFiniteB }, { cosine: NaN, relativeChange: Infinity, nonFiniteB: 1 });
  });

  it('reports progress to the request it belongs to, and runs two jobs at once', async () => {
    const reports: [JobProgress[], JobProgress[]] = [[], []];
    const run = (i: 0 | 1, b: string) =>
      client.request('diff/run', diffOf(sample('base-1'), sample(b)), { onProgress: (progress) => reports[i].push(progress) });
    const [first, second] = await Promise.all([run(0, 'finetuned-1'), run(1, 'base-2')]);
    assert.deepEqual([first.b.name, second.b.name], ['finetuned-1', 'base-2']);
    for (const list of reports) {
      const { doneBytes, totalBytes, bytesPerSecond, tensor } = list.at(-1)!;
      assert.deepEqual([doneBytes, totalBytes], [2 * 2_739_456, 2 * 2_739_456]);
      assert.ok(bytesPerSecond > 0 && typeof tensor === 'string');
    }
  });

  it('passes errors on with their message and kind', async () => {
    const absent = await failure(client.request('checkpoint/open', { path: at('absent') }));
    assert.deepEqual(
      [absent.kind, absent.message],
      [
        'FileAccessError',
        `${at('absent')}: no such file or folder. Check the path; a link may point to something that was moved or deleted.`,
      ],
    );
    await writeFile(at('short.safetensors'), 'abc');
    assert.equal((await failure(client.request('checkpoint/open', { path: at('short.safetensors') }))).kind, 'FormatError');
    assert.equal(
      (await failure(client.request('diff/tensor', { a: sample('base-1'), b: sample('base-2'), nameA: 'x', nameB: 'x' }))).kind,
      'Error',
    );
  });

  it('stops a cancelled job at once, without ending the process', async () => {
    const controller = new AbortController();
    const { job, reports } = await begin(client, controller.signal);
    const process = client.processId;
    const began = performance.now();
    controller.abort();
    const { kind, message } = await failure(job);
    assert.deepEqual([kind, message], ['AbortError', 'Cancelled.']);
    assert.ok(performance.now() - began < 2000);
    const known = reports.length;
    assert.equal((await client.request('checkpoint/open', { path: sample('base-1') })).name, 'base-1');
    assert.equal(client.processId, process);
    assert.equal(reports.length, known, 'the cancelled job still reports');
    assert.ok(reports.at(-1)!.doneBytes < reports.at(-1)!.totalBytes);
  });

  it('sends nothing that was cancelled before', async () => {
    assert.equal(
      (await failure(client.request('checkpoint/open', { path: sample('base-1') }, { signal: AbortSignal.abort() }))).kind,
      'AbortError',
    );
  });

  it('killed in the middle of two jobs: both are rejected with what happened, the client is told once, the next request works', async () => {
    const [{ job: one }, { job: two }] = await Promise.all([begin(client), begin(client)]);
    process.kill(client.processId!, 'SIGKILL');
    const errors = await Promise.all([failure(one), failure(two)]);
    const message = 'The host process of Model Rebase was killed (SIGKILL). The job was stopped: run it again.';
    assert.deepEqual(
      errors.map((error) => [error.kind, error.message]),
      [
        ['EngineDied', message],
        ['EngineDied', message],
      ],
    );
    assert.deepEqual(deaths, [{ message, stoppedCount: 2 }]);
    assert.equal(client.processId, null);
    assert.equal((await client.request('checkpoint/open', { path: sample('base-1') })).tensors.length, 57);
  });

  it('keeps no report alive once its request is answered', async () => {
    const request = async () => new WeakRef(await client.request('diff/run', diffOf(sample('base-1'), sample('base-1'))));
    const report = await request();
    await client.request('checkpoint/open', { path: sample('base-1') }); // the channel may keep its last message
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      collectGarbage();
    }
    assert.equal(report.deref(), undefined);
  });

  /** A client of a process that is killed when it gets a request that `isFatal`, an expression over its text, is true of. */
  async function fragile(name: string, isFatal: string): Promise<{ readonly client: EngineClient; readonly deaths: EngineDeath[] }> {
    const script = `
      const { existsSync, writeFileSync } = require('node:fs');
      const firstTime = () => !existsSync(__filename + '.seen') && (writeFileSync(__filename + '.seen', ''), true);
      process.on('message', (message) => {
        const text = JSON.stringify(message);
        if (${isFatal}) process.kill(process.pid, 'SIGKILL');
      });
      require(${JSON.stringify(modulePath)});`;
    await writeFile(at(`${name}.cjs`), script);
    const deaths: EngineDeath[] = [];
    return { client: new EngineClient({ modulePath: at(`${name}.cjs`), onDeath: (death) => deaths.push(death) }), deaths };
  }

  it('killed while it opens checkpoints, it opens them all the same, and the client is told once', async () => {
    const { client: other, deaths: told } = await fragile('once', `text.includes('base-2') && firstTime()`);
    const names = ['base-1', 'base-2', 'finetuned-1', 'unrelated'];
    const opened = await Promise.all(names.map((name) => other.request('checkpoint/open', { path: sample(name) })));
    assert.deepEqual(
      opened.map(({ name }) => name),
      names,
    );
    const message = 'The host process of Model Rebase was killed (SIGKILL). It is started again when it is needed.';
    assert.deepEqual(told, [{ message, stoppedCount: 0 }]);
    other.dispose();
  });

  it('what kills it every time is rejected alone', async () => {
    const { client: other, deaths: told } = await fragile('always', `text.includes('base-2')`);
    const open = (name: string): Promise<string> =>
      other.request('checkpoint/open', { path: sample(name) }).then(({ name: found }) => found);
    const outcomes = await Promise.allSettled(['base-1', 'base-2', 'finetuned-1'].map(open));
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as EngineError).kind)),
      ['base-1', 'EngineDied', 'finetuned-1'],
    );
    assert.deepEqual(
      told.map(({ stoppedCount }) => stoppedCount),
      [0, 1],
    );
    other.dispose();
  });

  it('restarted by the user: jobs are rejected, what only looks is answered, and nobody is told of an accident', async () => {
    const other = new EngineClient({ modulePath, onDeath: () => assert.fail('a restart is no accident') });
    const { job } = await begin(other);
    const id = other.processId!;
    const opened = other.request('checkpoint/open', { path: sample('base-1') });
    other.restart();
    assert.equal((await failure(job)).message, 'The host process was restarted.');
    assert.equal((await opened).name, 'base-1');
    await gone(id);
    assert.notEqual(other.processId, id);
    other.dispose();
  });

  it('does not start: the request is rejected, the reason is in the log, and the next request tries again', async () => {
    const messages: string[] = [];
    const log: string[] = [];
    const broken = new EngineClient({
      modulePath: at('absent.js'),
      onDeath: ({ message }) => messages.push(message),
      log: (line) => log.push(line),
    });
    for (let attempt = 1; attempt <= 2; attempt++) {
      const { kind, message } = await failure(broken.request('checkpoint/open', { path: sample('base-1') }));
      assert.deepEqual(
        [kind, message],
        ['EngineDied', 'The host process of Model Rebase ended with exit code 1. The job was stopped: run it again.'],
      );
      assert.equal(messages.length, 2 * attempt);
    }
    assert.ok(log.some((line) => line.includes('Cannot find module')));
    broken.dispose();
  });

  it('disposed: pending requests are rejected at once, later ones too, and the process is gone', async () => {
    const other = new EngineClient({ modulePath, onDeath: () => assert.fail('disposing is no accident') });
    const { job } = await begin(other);
    const id = other.processId!;
    other.dispose();
    const { kind, message } = await failure(job);
    assert.deepEqual([kind, message], ['EngineDied', 'The host process was shut down.']);
    assert.equal((await failure(other.request('checkpoint/open', { path: sample('base-1') }))).message, 'The host process was shut down.');
    await gone(id);
    other.dispose();
  });

  it('ends when its parent is killed', async () => {
    const script = `
      const { fork } = require('node:child_process');
      fork(${JSON.stringify(modulePath)}, [], { serialization: 'advanced' });
      process.stdout.write('started');
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    await once(parent.stdout, 'close'); // the engine holds its other end as well
  });

  it('wrote nothing to its standard streams', () => {
    assert.deepEqual(lines, []);
  });
});

/** Resolves when the process has ended; the test's time limit applies. */
async function gone(processId: number): Promise<void> {
  for (;;) {
    try {
      process.kill(processId, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
