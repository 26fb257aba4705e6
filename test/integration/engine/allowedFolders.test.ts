import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestName } from '../../../src/combine/index.js';
import { EngineClient, type EngineError } from '../../../src/engine/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { runCli } from '../cli/support/runCli.js';

const root = join(__dirname, '../../..');
const sample = (name: string): string => join(root, 'samples', name);

describe('paths that a workspace’s files name, where it is not trusted', function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  let client: EngineClient;
  const outside = sample('base-1');
  const refused = (error: EngineError): boolean => error.kind === 'PathRefusedError' && error.message.includes(sample(''));

  before(async () => {
    await mkdir(at('space'));
    await cp(sample('base-2'), at('space/base-2'), { recursive: true });
    const releases = [
      { name: 'v1', base: outside, finetuned: sample('finetuned-1') },
      { name: 'v2', base: 'base-2' },
    ];
    const lineage = { format: 'model-rebase.lineage', version: 1, strategy: 'iterative', tasks: [], releases };
    await writeFile(at('space/strange.lineage.json'), JSON.stringify(lineage));
    client = new EngineClient({ modulePath: join(root, 'dist', 'engine.js'), allowedFolders: () => [at('space')] });
  });
  after(() => client.dispose());

  it('are not looked at when a lineage is shown: what lies in the workspace is', async () => {
    const { releases } = await client.request('recycle/status', { path: at('space/strange.lineage.json') });
    assert.deepEqual(
      releases.map(({ models }) => models.map(({ role, isThere }) => [role, isThere])),
      [
        [
          ['base', false],
          ['finetuned', false],
        ],
        [['base', true]],
      ],
    );
    assert.match(releases[0]!.problems[0]!, /Not looked at in Restricted Mode: .*base-1 lies outside this workspace/);
  });

  it('are refused by all that would go on to read them, and the file stays as it is', async () => {
    const path = at('space/strange.lineage.json');
    const text = await readFile(path, 'utf8');
    const release = { name: 'v3', base: at('space/base-2'), finetuned: null };
    await assert.rejects(client.request('recycle/add', { path, release }), refused);
    await assert.rejects(client.request('recycle/next', { path, sweep: false, cacheFolder: null }), refused);
    await assert.rejects(client.request('recycle/prepare', { path, overwrite: false }), refused);
    await assert.rejects(client.request('recycle/run', { path, plain: false, score: false, cacheFolder: null }), refused);
    await assert.rejects(client.request('recycle/score', { path, release: 'v2', cacheFolder: null }), refused);
    await assert.rejects(client.request('recycle/compare', { paths: [path] }), refused);
    const model = at('space/base-2');
    await assert.rejects(
      client.request('recycle/record', { path, release: 'v2', fineTune: 'finetuned', model, overwrite: false }),
      refused,
    );
    assert.equal(await readFile(path, 'utf8'), text);
  });

  it('are refused by a deep verification, not by one of the folder alone', async () => {
    const folder = at('space/out');
    const argv = ['--base', outside, '--finetuned', sample('finetuned-1'), '--target', at('space/base-2'), '--out', folder];
    assert.equal((await runCli(['transfer', ...argv])).code, 0);
    assert.ok((await readFile(join(folder, manifestName), 'utf8')).includes(outside));
    assert.deepEqual((await client.request('combine/verify', { folder, deep: false, workers: 1 })).differences, []);
    await assert.rejects(client.request('combine/verify', { folder, deep: true, workers: 1 }), refused);
  });

  it('do not concern what the user chose', async () => {
    assert.equal((await client.request('checkpoint/open', { path: outside })).name, 'base-1');
  });
});
