import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { combineRequest, transfer, type CombineRequest } from '../../../src/combine/index.js';
import { EngineClient, jobs, type JobProgress, type RunChoices } from '../../../src/engine/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const root = join(__dirname, '../../..');
const context = { signal: new AbortController().signal, report: () => undefined };
const choices: RunChoices = { workers: 1, sync: false, resume: false, overwrite: false, keepPartial: false, hashInputs: true };

function requestTo(output: string): CombineRequest {
  const inputs = [
    ['target', 'base-2'],
    ['finetuned', 'finetuned-1'],
    ['base', 'base-1'],
  ].map(([role, name]) => ({ role: role!, path: join(root, 'samples', name!), expect: 'checkpoint' as const }));
  return combineRequest({ combination: transfer('target', 'finetuned', 'base'), inputs, output });
}

describe('combinations in the engine process', () => {
  const at = temporaryFolder();
  let client: EngineClient;

  before(() => {
    client = new EngineClient({ modulePath: join(root, 'dist', 'engine.js') });
  });
  after(() => client.dispose());

  it('are planned, run and verified as in this process, with progress by phase', async () => {
    const plan = await client.request('combine/plan', requestTo(at('new', 'out')));
    assert.deepEqual({ ...plan, freeDisk: 0 }, { ...(await jobs['combine/plan'](requestTo(at('new', 'out')), context)), freeDisk: 0 });
    const seen: JobProgress[] = [];
    const manifest = await client.request('combine/run', { plan, options: choices }, { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual([manifest.formula, manifest.rounding.total.changedCount], ['target + 1.0·(finetuned − base)', 1_356_169]);
    assert.ok(manifest.inputs.every(({ shards }) => shards.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256 ?? ''))));
    assert.deepEqual([...new Set(seen.map(({ phase }) => phase))], ['hashing inputs', 'combining']);
    assert.equal(
      seen.at(-1)?.doneBytes,
      plan.tensors.reduce((sum, { byteLength }) => sum + byteLength, 0),
    );
    const report = await client.request('combine/verify', { folder: at('new', 'out'), deep: true, workers: 1 });
    assert.deepEqual(report, { deep: true, tensorCount: 57, differences: [], unlisted: [] });
    assert.equal(
      (JSON.parse(readFileSync(at('new', 'out', 'model-rebase.json'), 'utf8')) as { formula: string }).formula,
      manifest.formula,
    );
  });

  it('that are refused fail with the reason and leave nothing', async () => {
    const request = requestTo(at('refused', 'out'));
    const plan = await client.request('combine/plan', { ...request, output: join(root, 'samples', 'base-1', 'inside') });
    await assert.rejects(client.request('combine/run', { plan, options: choices }), /lies inside base/);
    assert.equal(existsSync(at('refused')), false);
  });

  it('cancelled, leave nothing', async () => {
    const plan = await client.request('combine/plan', requestTo(at('cancelled')));
    const controller = new AbortController();
    const running = client.request(
      'combine/run',
      { plan, options: choices },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await assert.rejects(running, { kind: 'AbortError' });
    while (existsSync(at('cancelled.partial'))) await setTimeout(5); // the client does not wait for the engine to clean up
    assert.equal(existsSync(at('cancelled')), false);
  });
});
