import assert from 'node:assert/strict';
import { mayHaveGpu } from '../../../src/compute/gpu/index.js';
import { DeviceGuard } from '../../../src/compute/gpu/deviceGuard.js';
import { loadGpuJs, type WebGpuContexts } from '../../../src/compute/gpu/gpuJs.js';
import { testArithmetic } from '../../../src/compute/gpu/selfTest.js';
import { run } from './support/assertConforms.js';
import { makeChunk, weights } from './support/chunks.js';
import { describeEngine, engines } from './support/engines.js';

/** A device whose error scopes return these errors, in the order they are closed. */
function contextsOf(errors: readonly (Error | null)[]): WebGpuContexts & { destroyed: number } {
  const remaining = [...errors];
  const device = {
    pushErrorScope: () => undefined,
    popErrorScope: () => Promise.resolve(remaining.shift() ?? null),
  } as unknown as GPUDevice;
  const contexts = {
    destroyed: 0,
    acquire: () => Promise.resolve({ device }),
    destroy: () => {
      contexts.destroyed += 1;
      return Promise.resolve();
    },
  };
  return contexts;
}

const chunk = makeChunk(weights, 'BF16', 'BF16', 70_000);

for (const engine of engines.filter(({ name }) => name !== 'simd')) {
  describeEngine(`${engine.name} kernels that fail`, engine, () => {
    it('reject after they were disposed of, also when disposed of twice', async () => {
      const kernels = await engine.create();
      kernels.dispose();
      kernels.dispose();
      await assert.rejects(kernels.compare('BF16', 'BF16', 100), /disposed/);
    });

    it('leave others of the same thread working', async () => {
      const [first, second] = await Promise.all([engine.create(), engine.create()]);
      first.dispose();
      assert.equal((await run(second, chunk)).comparedCount, 70_000);
      second.dispose();
    });
  });
}

const webgpu = engines.find(({ name }) => name === 'webgpu')!;

describeEngine('webgpu kernels whose device is lost', webgpu, () => {
  it('reject, before and during a comparison; a new instance works', async () => {
    const kernels = await webgpu.create();
    const { WebGPUContext } = await loadGpuJs();
    const pending = run(kernels, chunk);
    await WebGPUContext.destroy();
    await assert.rejects(pending);
    await assert.rejects(run(kernels, chunk), /lost|destroyed/i);
    kernels.dispose();
    const next = await webgpu.create();
    assert.equal((await run(next, chunk)).comparedCount, 70_000);
    next.dispose();
  });
});

describe('DeviceGuard', () => {
  it('passes the result on when the device reports nothing', async () => {
    const guard = await DeviceGuard.acquire(contextsOf([]));
    assert.equal(await guard.run(() => Promise.resolve(7)), 7);
    guard.dispose();
  });

  it('rejects with what the device reports, although a result arrived', async () => {
    const guard = await DeviceGuard.acquire(contextsOf([null, new Error('out of memory')]));
    await assert.rejects(
      guard.run(() => Promise.resolve(7)),
      /the GPU refused the work: out of memory/,
    );
    guard.dispose();
  });

  it('destroys the device with the last guard', async () => {
    const contexts = contextsOf([]);
    const [first, second] = await Promise.all([DeviceGuard.acquire(contexts), DeviceGuard.acquire(contexts)]);
    first.dispose();
    assert.equal(contexts.destroyed, 0);
    second.dispose();
    assert.equal(contexts.destroyed, 1);
  });
});

describe('the self-test of a device', () => {
  const sumOf = (a: Float32Array, b: Float32Array, wrong: number) => ({
    sumSquaresA: a.reduce((sum, x) => sum + x * x, 0),
    sumSquaresB: b.reduce((sum, y) => sum + y * y, 0),
    sumProducts: a.reduce((sum, x, i) => sum + x * b[i]!, 0),
    sumSquaresDelta: a.reduce((sum, x, i) => sum + (b[i]! - x) ** 2, 0) * wrong,
  });

  it('accepts right sums', async () => {
    await testArithmetic({ sum: (a, b) => Promise.resolve(sumOf(a, b, 1)) });
  });

  it('refuses sums of differences that are wrong in the sixth digit, and a lost block', async () => {
    await assert.rejects(testArithmetic({ sum: (a, b) => Promise.resolve(sumOf(a, b, 1.000003)) }), /float32 sums are wrong by 3.0e-6/);
    await assert.rejects(
      testArithmetic({
        sum: (a, b) =>
          Promise.resolve(
            sumOf(
              a.map((x, i) => (i < 64 ? 0 : x)),
              b,
              1,
            ),
          ),
      }),
      /float32 sums are wrong/,
    );
  });
});

describe('mayHaveGpu', () => {
  it('is true wherever a look at the file system cannot rule a GPU out', () => {
    assert.equal(mayHaveGpu('darwin', {}), true);
    assert.equal(mayHaveGpu('win32', {}), true);
    assert.equal(mayHaveGpu('linux', { VK_ICD_FILENAMES: '/usr/share/driver.json' }), true);
  });
});
