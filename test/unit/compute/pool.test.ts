import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { FileReadError, WorkerFailure, WorkerPool, type CompareTask, type PoolOptions } from '../../../src/compute/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { countThreads } from '../../support/threads.js';

const dist = join(__dirname, '../../../dist');
const faulty: PoolOptions = { engine: 'simd', workers: 2, script: join(__dirname, 'support/faultyWorker.cjs') };

/** A task whose tensor's name tells the faulty worker what to do. */
function task(tensor: string): CompareTask {
  const slice = { file: { path: '/nowhere', byteLength: 4, modifiedAt: 0 }, tensor, dtype: 'F32', start: 0, byteLength: 4 } as const;
  return { kind: 'compare', pairs: [{ as: 'values', a: slice, b: slice, count: 1 }] };
}

/** Gives the tasks to a pool at once; tells what became of each, and that no thread is left. */
async function outcomes(options: PoolOptions, tensors: readonly string[]): Promise<string[]> {
  const { result, alive } = await countThreads(() =>
    WorkerPool.use(options, undefined, async (pool) => {
      const settled = await Promise.allSettled(tensors.map((tensor) => pool.run(task(tensor))));
      return settled.map((one) => (one.status === 'fulfilled' ? (one.value as unknown as string) : String(one.reason)));
    }),
  );
  assert.equal(alive, 0);
  assert.ok(result.status === 'fulfilled');
  return result.value;
}

describe('pool of compute workers', () => {
  const at = temporaryFolder();

  it('answers every task with its own result', async () => {
    const tensors = Array.from({ length: 20 }, (_, i) => `t${i}`);
    assert.deepEqual(await outcomes(faulty, tensors), tensors);
  });

  it('rejects the one task that fails, with its message, and does the others', async () => {
    assert.deepEqual(await outcomes(faulty, ['x', 'failure', 'y', 'z']), ['x', 'WorkerFailure: this task is impossible', 'y', 'z']);
  });

  it('rejects everything that waits when a worker throws or exits, although its neighbour hangs', async () => {
    const thrown = 'WorkerFailure: A compute worker failed: the worker has a bug';
    assert.deepEqual(await outcomes(faulty, ['throw', 'hang', 'x']), [thrown, thrown, thrown]);
    const ended = 'WorkerFailure: A compute worker ended unexpectedly (exit code 3).';
    assert.deepEqual(await outcomes(faulty, ['exit', 'hang', 'x']), [ended, ended, ended]);
  });

  it('rejects everything when a worker runs out of memory, and the process lives on', async () => {
    const [first] = await outcomes({ ...faulty, workers: 1, heapMegabytes: 16 }, ['memory', 'x']);
    assert.match(first!, /^WorkerFailure: A compute worker failed: Worker terminated due to reaching memory limit/);
  });

  it('gives no more work to a pool that has failed', async () => {
    await WorkerPool.use(faulty, undefined, async (pool) => {
      const failure = await pool.run(task('exit')).catch((error: unknown) => error);
      assert.ok(failure instanceof WorkerFailure);
      await assert.rejects(pool.run(task('x')), (error) => error === failure);
    });
  });

  it('says what is wrong when the kernels are missing or damaged, or the script is missing', async () => {
    await copyFile(join(dist, 'worker.js'), at('worker.js'));
    const broken = { ...faulty, script: at('worker.js') };
    const [missing] = await outcomes(broken, ['x']);
    assert.match(missing!, /^WorkerFailure: ENOENT: .*kernels\.wasm/);
    await writeFile(at('kernels.wasm'), 'not WebAssembly');
    const [damaged] = await outcomes(broken, ['x']);
    assert.match(damaged!, /^WorkerFailure: WebAssembly\.Module\(\)/);
    const [absent] = await outcomes({ ...faulty, script: at('absent.js') }, ['x']);
    assert.match(absent!, /^WorkerFailure: A compute worker failed: Cannot find module/);
  });

  it('keeps errors about files apart from its own', async () => {
    await WorkerPool.use({ engine: 'simd', workers: 1 }, undefined, async (pool) => {
      await assert.rejects(
        pool.run(task('weights')),
        (error) =>
          error instanceof FileReadError &&
          /\/nowhere \(tensor "weights"\): cannot be read any more: no such file or folder/.test(error.message),
      );
    });
  });

  it('aborted: rejects what waits at once with the reason, although the workers hang, and their threads are gone', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const began = performance.now();
    const { result, started, alive } = await countThreads(() =>
      WorkerPool.use(faulty, controller.signal, async (pool) => {
        await pool.run(task('x'));
        const waiting = Promise.all([pool.run(task('hang')), pool.run(task('hang'))]);
        controller.abort(reason);
        return waiting;
      }),
    );
    assert.deepEqual([result, started, alive], [{ status: 'rejected', reason }, 2, 0]);
    assert.ok(performance.now() - began < 5000);
    assert.deepEqual(await outcomes(faulty, ['next']), ['next']);
  });

  it('starts nothing when aborted before', async () => {
    const { result, started } = await countThreads(() => WorkerPool.use(faulty, AbortSignal.abort(), () => Promise.resolve('worked')));
    assert.deepEqual([result.status, started], ['rejected', 0]);
  });

  it('ends its threads when the work on it fails', async () => {
    const { result, started, alive } = await countThreads(() =>
      WorkerPool.use(faulty, undefined, () => Promise.reject(new Error('a bug'))),
    );
    assert.deepEqual([result.status, started, alive], ['rejected', 2, 0]);
  });

  it('has as many workers as asked for, one for the GPU, and without a wish at most eight', async () => {
    const sizeOf = (options: Partial<PoolOptions>) =>
      WorkerPool.use({ ...faulty, ...options }, undefined, (pool) => Promise.resolve(pool.size));
    assert.equal(await sizeOf({ workers: 3 }), 3);
    assert.equal(await sizeOf({ workers: 3, engine: 'gpu' }), 1);
    assert.equal(await sizeOf({ workers: null }), Math.min(8, availableParallelism()));
  });
});
