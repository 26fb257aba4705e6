import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { describeEngine, engines } from './support/engines.js';

const root = join(__dirname, '../../..');

/** Bundles as scripts/build.mjs does, and minified on top: gpu.js reads kernels as text, which bundlers rewrite. */
async function bundle(minify: boolean, outfile: string): Promise<void> {
  const contents = `
    import { parentPort, workerData } from 'node:worker_threads';
    import { createGpuKernels } from './src/compute/gpu/index';
    async function work() {
      const kernels = await createGpuKernels({ backend: workerData });
      const { a, b } = kernels.inputs(262144, 262144);
      new Uint16Array(a.buffer, a.byteOffset, 131072).fill(0x3f80);
      new Uint16Array(b.buffer, b.byteOffset, 131072).fill(0x4000);
      const statistics = await kernels.compare('BF16', 'BF16', 131072);
      kernels.dispose();
      parentPort.postMessage([statistics.sumSquaresA, statistics.sumSquaresB, statistics.histogram[127]]);
    }
    void work();`;
  const stdin = { contents, resolveDir: root, loader: 'ts' } as const;
  await build({
    stdin,
    outfile,
    minify,
    bundle: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['webgpu', 'gl'],
    logLevel: 'silent',
  });
}

function resultOf(script: string, workerData: string): Promise<{ message: unknown; exitCode: number }> {
  return new Promise((resolve, reject) => {
    let message: unknown;
    const worker = new Worker(script, { workerData, execArgv: [] });
    worker.on('message', (value: unknown) => (message = value));
    worker.on('error', reject);
    worker.on('exit', (exitCode) => resolve({ message, exitCode }));
  });
}

describe('gpu.js kernels in a bundle', () => {
  let folder: string;
  const scriptOf = (minify: boolean): string => join(folder, minify ? 'minified.cjs' : 'plain.cjs');

  before(async () => {
    mkdirSync(join(root, 'out'), { recursive: true });
    folder = mkdtempSync(join(root, 'out/gpu-bundle-'));
    await Promise.all([false, true].map((minify) => bundle(minify, scriptOf(minify))));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const engine of engines.filter(({ name }) => name !== 'simd')) {
    describeEngine(engine.name, engine, () => {
      for (const minify of [false, true]) {
        it(`compute in a worker thread, which then ends by itself (${minify ? 'minified' : 'not minified'})`, async () => {
          assert.deepEqual(await resultOf(scriptOf(minify), engine.name), { message: [131072, 524288, 131072], exitCode: 0 });
        });
      }
    });
  }
});
