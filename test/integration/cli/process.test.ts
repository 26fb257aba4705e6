import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { chmod, mkdir, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DiffReport } from '../../../src/compare/index.js';
import {
  buildRawSafetensors,
  buildSafetensors,
  shardName,
  writeSafetensors,
  writeShardedCheckpoint,
} from '../../support/safetensorsFile.js';
import { writeSparse } from '../../support/sparseCheckpoint.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { runCli, sample } from './support/runCli.js';
import { cli, start, textOf } from './support/startCli.js';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
/** Where the test run vouches for an adapter, gpu.js may not fall back. */
const webGpuIsRequired = (process.env['MODEL_REBASE_REQUIRE_ENGINES'] ?? '').split(',').includes('webgpu');

/** Runs a command on a terminal of its own. */
const terminal = '/usr/bin/script';
const isLinux = process.platform === 'linux';

/** Takes nothing: every write finds the disk full. */
const fullDevice = '/dev/full';

function itWithFullDevice(title: string, body: () => Promise<void>): void {
  if (isLinux && existsSync(fullDevice)) it(title, body);
  else it(`${title}: does not run here, there is no ${fullDevice}`);
}

function itOnTerminal(title: string, body: () => Promise<void>): void {
  if (isLinux && existsSync(terminal)) it(title, body);
  else it(`${title}: does not run here, ${terminal} of util-linux is missing`);
}

describe('command line as a process', () => {
  const at = temporaryFolder();

  before(async () => {
    const endless = [{ name: 'x', dtype: 'BF16', shape: [2 ** 31] }] as const;
    await Promise.all([writeSparse(at('endless-a.safetensors'), endless), writeSparse(at('endless-b.safetensors'), endless)]);
  });

  it('ends by itself after a diff, with the result on stdout, nothing on stderr, and its exit code', async () => {
    const argv = ['diff', sample('base-1'), sample('base-2'), '--json', '--exit-code', '--engine', 'simd'];
    const [{ code, stdout, stderr }, inProcess] = await Promise.all([start(argv).outcome, runCli(argv)]);
    assert.deepEqual([code, stderr], [1, '']);
    const [got, want] = [stdout, inProcess.stdout].map((text) => ({ ...(JSON.parse(text) as DiffReport), seconds: 0, createdAt: '' }));
    assert.deepEqual(got, want);
  });

  it('--engine auto says what it chose and why', async () => {
    const { stdout } = await start(['diff', sample('base-1'), sample('base-2'), '--json']).outcome;
    assert.match((JSON.parse(stdout) as DiffReport).engine.reason, /^auto: ./);
  });

  it(`--engine gpu computes what SIMD computes${webGpuIsRequired ? ', on WebGPU' : ''}, and says on what`, async () => {
    const env = { ...process.env, ...(existsSync(swiftShader) ? { VK_ICD_FILENAMES: swiftShader } : {}) };
    const argv = ['diff', sample('base-1'), sample('base-2'), '--json', '--engine'];
    const [onGpu, onSimd] = await Promise.all([start([...argv, 'gpu'], { env }).outcome, runCli([...argv, 'simd'])]);
    assert.equal(onGpu.code, 0, onGpu.stderr);
    const [gpu, simd] = [onGpu, onSimd].map(({ stdout }) => JSON.parse(stdout) as DiffReport);
    const { name, detail, reason } = gpu!.engine;
    const isWebGpu = detail.startsWith('webgpu (');
    assert.deepEqual([name, detail], ['gpu', isWebGpu ? detail : 'webasm (no GPU)']);
    assert.match(reason, isWebGpu ? /^chosen by the user$/ : /^chosen by the user; without WebGPU: ./);
    assert.ok(isWebGpu || !webGpuIsRequired, reason);
    const countsOf = ({ tensors }: DiffReport) =>
      tensors.map(({ name, maxAbsDelta, changedCount, signFlips, histogram }) => ({
        name,
        maxAbsDelta,
        changedCount,
        signFlips,
        histogram,
      }));
    assert.deepEqual(countsOf(gpu!), countsOf(simd!));
    for (const [i, tensor] of gpu!.tensors.entries())
      assert.ok(Math.abs(tensor.normDelta! / simd!.tensors[i]!.normDelta! - 1) < 1e-6, tensor.name);
  });

  it('SIGINT and SIGTERM in the middle of a diff: exit code 2 at once, a word on stderr, nothing on stdout', async () => {
    const interrupted = async (signal: NodeJS.Signals) => {
      const { child, outcome } = start(['diff', at('endless-a.safetensors'), at('endless-b.safetensors'), '--engine', 'simd']);
      await hasOpened(child.pid!, at('endless-b.safetensors'));
      const began = performance.now();
      child.kill(signal);
      assert.deepEqual(await outcome, { code: 2, stdout: '', stderr: 'model-rebase: Cancelled.\n' });
      assert.ok(performance.now() - began < 3000);
    };
    await Promise.all([interrupted('SIGINT'), interrupted('SIGTERM')]);
  });

  it('a second signal while onnxruntime computes ends it at once, as the signal does', async () => {
    const argv = ['curve', sample('base-1'), sample('base-2'), '--task', sample('text/french.txt'), '--points', '41'];
    for (const delay of [1200, 1600, 2000, 2400, 2800]) {
      const { child, outcome } = start([...argv, '--no-cache', '--no-geometry']);
      await sleep(delay);
      child.kill('SIGINT');
      child.kill('SIGTERM');
      assert.deepEqual(await outcome, { code: null, stdout: '', stderr: 'model-rebase: Stopped at once.\n' });
    }
  });

  it('is quiet when its reader has seen enough', async () => {
    const tensors = Array.from(
      { length: 4000 },
      (_, i) => ({ name: `a tensor with a long name, number ${i}`, dtype: 'U8', shape: [1] }) as const,
    );
    await writeSafetensors(at('many.safetensors'), tensors);
    const child = spawn(process.execPath, [cli, 'inspect', at('many.safetensors'), '--json']);
    child.stdout.once('data', () => child.stdout.destroy());
    const [stderr, exit] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
    assert.deepEqual([stderr, exit], ['', [0, null]]);
  });

  itWithFullDevice('says so, with exit code 2, where the result cannot be written', async () => {
    const diff = ['diff', sample('base-1'), sample('base-2'), '--json'];
    for (const argv of [
      diff,
      [...diff, '--exit-code'],
      ['--help'],
      ['evaluate', sample('base-1'), '--task', sample('text/french.txt'), '--limit', '1', '--no-cache'],
    ]) {
      const full = openSync(fullDevice, 'w');
      const child = spawn(process.execPath, [cli, ...argv], { stdio: ['ignore', full, 'pipe'] });
      const [stderr, exit] = await Promise.all([textOf(child.stderr!), once(child, 'exit')]);
      closeSync(full);
      assert.deepEqual([stderr, exit], ['model-rebase: The result cannot be written to stdout: the disk is full.\n', [2, null]]);
    }
  });

  itWithFullDevice('goes on without its messages where stderr cannot be written', async () => {
    const full = openSync(fullDevice, 'w');
    const child = spawn(process.execPath, [cli, 'diff', at('nowhere'), sample('base-2')], { stdio: ['ignore', 'pipe', full] });
    const [stdout, exit] = await Promise.all([textOf(child.stdout!), once(child, 'exit')]);
    closeSync(full);
    assert.deepEqual([stdout, exit], ['', [2, null]]);
  });

  itOnTerminal('draws progress on a terminal and leaves none of it behind', async () => {
    const large = [{ name: 'x', dtype: 'BF16', shape: [20, 1024, 1024] }] as const;
    await Promise.all([writeSparse(at('large-a.safetensors'), large), writeSparse(at('large-b.safetensors'), large)]);
    const command = [
      process.execPath,
      cli,
      'diff',
      at('large-a.safetensors'),
      at('large-b.safetensors'),
      '--workers',
      '1',
      '--engine',
      'simd',
    ].join(' ');
    const child = spawn(terminal, ['-qec', command, '/dev/null'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const text = await textOf(child.stdout);
    assert.match(text, /█*░* {1,2}\d+ % /);
    const shown = text.split('\n').map((line) => line.split('\r\u001b[2K').at(-1)!);
    assert.ok(
      shown.every((line) => !/[█░]/.test(line)),
      'a piece of the bar is left',
    );
    assert.ok(text.includes('1 identical'));
  });

  describe('on broken input', () => {
    const whole = Buffer.from(buildSafetensors([{ name: 'x', dtype: 'F32', shape: [8] }]));
    const header = (text: string) => buildRawSafetensors(text, new Uint8Array(8));
    const files: readonly (readonly [name: string, bytes: Uint8Array | string, message: RegExp])[] = [
      ['truncated.safetensors', whole.subarray(0, whole.length - 1), /: .*Expected .* bytes.*Found .* bytes.*\. .*(download|copy|again)/i],
      ['empty.safetensors', '', /empty\.safetensors: .*Expected .*Found 0 bytes/],
      [
        'overlong-header.safetensors',
        Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 1]), Buffer.alloc(64)]),
        /overlong-header\.safetensors: .*header.*Expected .*Found /,
      ],
      ['not-utf8.safetensors', buildRawSafetensors(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /not-utf8\.safetensors: .*UTF-8/],
      [
        'overlap.safetensors',
        header('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}'),
        /overlap\.safetensors \(tensor "y"\): .*Expected .*Found /,
      ],
      ['other.safetensors', 'PK\u0003\u0004 this is a zip file, really', /other\.safetensors: /],
    ];
    for (const [name, bytes, message] of files) {
      it(`${name}: inspect and diff exit with 2, name the file and what is wrong on stderr, and print nothing`, async () => {
        await writeFile(at(name), bytes);
        for (const argv of [
          ['inspect', at(name)],
          ['diff', sample('base-1'), at(name)],
          ['diff', at(name), sample('base-1'), '--json'],
        ]) {
          const { code, stdout, stderr } = await runCli(argv);
          assert.deepEqual([code, stdout], [2, '']);
          assert.ok(stderr.startsWith(`model-rebase: ${at(name)}`) && stderr.endsWith('.\n') && stderr.split('\n').length === 2, stderr);
          assert.match(stderr, message);
        }
      });
    }

    it('a name listed twice is a finding of inspect, as the reference reads the last one', async () => {
      const entry = (start: number) => `"x":{"dtype":"F32","shape":[1],"data_offsets":[${start},${start + 4}]}`;
      await writeFile(at('twice.safetensors'), buildRawSafetensors(`{${entry(0)},${entry(0)}}`, new Uint8Array(4)));
      const { code, stdout } = await runCli(['inspect', at('twice.safetensors')]);
      assert.equal(code, 0);
      assert.match(stdout, /error: The header lists 1 name more than once: .*x.*The last entry is used/);
    });

    it('a missing shard, one outside the folder, a folder without weights, a missing path', async () => {
      await writeShardedCheckpoint(at('sharded'), [[{ name: 'x', dtype: 'F32', shape: [1] }], [{ name: 'y', dtype: 'F32', shape: [1] }]]);
      await rm(at('sharded', shardName(1, 2)));
      await mkdir(at('outside'));
      await writeFile(at('outside', 'model.safetensors.index.json'), JSON.stringify({ weight_map: { x: '../truncated.safetensors' } }));
      await mkdir(at('weightless'));
      await writeFile(at('weightless', 'pytorch_model.bin'), '');
      for (const [path, message] of [
        [
          'sharded',
          /model\.safetensors\.index\.json \(tensor "y"\): index names a file that is not there\. Expected a file .*model-00002-of-00002\.safetensors\. Found 1 of 2 files\. Finish the download/,
        ],
        ['outside', /model\.safetensors\.index\.json \(tensor "x"\): .*\.\.\/truncated\.safetensors/],
        ['weightless', /weightless\/pytorch_model\.bin: not a PyTorch file\. Expected a ZIP archive or a pickle that torch\.save wrote\./],
        ['absent', /absent: no such file or folder\. Check the path/],
      ] as const) {
        const { code, stdout, stderr } = await runCli(['inspect', at(path)]);
        assert.deepEqual([code, stdout], [2, ''], path);
        assert.match(stderr, message);
      }
    });

    it('permission denied', async () => {
      const secret = at('secret.safetensors');
      await writeFile(secret, whole);
      await Promise.all([chmod(secret, 0o000), chmod(dirname(secret), 0o755)]);
      const stderr = `model-rebase: ${secret}: permission denied. Give your user read permission and try again.\n`;
      assert.deepEqual(await withoutPrivilege(() => runCli(['inspect', secret])), { code: 2, stdout: '', stderr });
    });
  });
});

/** The superuser may read everything, so where the tests run as root the work is done as nobody. */
async function withoutPrivilege<Result>(work: () => Promise<Result>): Promise<Result> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

/** Resolves once a process reads a file; where that cannot be seen, after a time in which it should. */
async function hasOpened(processId: number, path: string): Promise<void> {
  if (!isLinux) return sleep(2000);
  const descriptors = `/proc/${processId}/fd`;
  const isOpen = (name: string) =>
    readlink(join(descriptors, name)).then(
      (target) => target === path,
      () => false,
    );
  while (!(await Promise.all((await readdir(descriptors)).map(isOpen))).includes(true)) await sleep(10);
}
