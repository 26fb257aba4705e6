import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { root, sample } from './cli/support/runCli.js';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** npm is a script of the shell on Windows. */
const shell = process.platform === 'win32';

describe('npm package', () => {
  const at = temporaryFolder();
  let packed: Packed;

  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', shell, stdio: ['ignore', 'pipe', 'ignore'] });
  const modelRebase = (...args: string[]) =>
    spawnSync(process.execPath, [at('empty', 'node_modules', 'model-rebase', 'dist', 'cli.js'), ...args], { encoding: 'utf8' });

  before(() => {
    mkdirSync(at('packed'));
    mkdirSync(at('empty'));
    [packed] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', at('packed'))) as [Packed];
    writeFileSync(at('empty', 'package.json'), '{}');
    npm(at('empty'), 'install', '--offline', '--omit=optional', '--no-audit', '--no-fund', at('packed', packed.filename));
  });

  it('weighs less than 5 MB and holds what the command line runs, and nothing of the extension', () => {
    const paths = packed.files.map(({ path }) => path).sort();
    assert.ok(packed.size < 5e6, `${packed.size} bytes`);
    assert.deepEqual(
      paths.filter((path) => path.startsWith('dist/')),
      [
        'cli.js',
        'gpuJs.js',
        'kernels.wasm',
        'libraryDefaults.txt',
        'mcpSdk.js',
        'modelWorker.js',
        'pictures.js',
        'tokenizerWorker.js',
        'worker.js',
      ].map((name) => `dist/${name}`),
    );
    for (const name of ['LICENSE', 'README.md', 'THIRD_PARTY_NOTICES.md']) assert.ok(paths.includes(name), name);
  });

  it('depends on nothing but what is optional', () => {
    const manifest = JSON.parse(readFileSync(at('empty', 'node_modules', 'model-rebase', 'package.json'), 'utf8')) as Record<
      string,
      object
    >;
    assert.equal(manifest['dependencies'], undefined);
    assert.deepEqual(Object.keys(manifest['optionalDependencies']!), ['onnxruntime-node', 'webgpu']);
  });

  it('diffs and transfers in an empty folder, without optional parts', () => {
    const diff = modelRebase('diff', sample('base-1'), sample('finetuned-1'), '--json');
    assert.equal(diff.status, 0, diff.stderr);
    assert.match(diff.stdout, /"relativeChange":0\.187/);
    const versions = ['--finetuned', sample('finetuned-1'), '--base', sample('base-1'), '--target', sample('base-2')];
    assert.equal(modelRebase('transfer', ...versions, '--out', at('out')).status, 0);
    assert.equal(modelRebase('verify', at('out'), '--deep').status, 0);
    const gpu = modelRebase('diff', sample('base-1'), sample('finetuned-1'), '--engine', 'gpu', '--top', '0');
    assert.match(gpu.stdout, /webasm/);
  });

  it('says what scoring needs', () => {
    const { status, stderr } = modelRebase(
      'evaluate',
      sample('base-1'),
      '--task',
      join(root, 'samples', 'text', 'french.txt'),
      '--limit',
      '1',
      '--no-cache',
    );
    assert.equal(status, 2);
    assert.match(stderr, /needs onnxruntime, which is not installed.*Install onnxruntime-node/);
  });

  it('the installed command starts', () => {
    const run = spawnSync(at('empty', 'node_modules', '.bin', shell ? 'model-rebase.cmd' : 'model-rebase'), ['--version'], {
      encoding: 'utf8',
      shell,
    });
    assert.match(run.stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
