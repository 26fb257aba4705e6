/** Entry of a compute worker thread: runs one task after the other and answers each with a result or a failure. */
import { parentPort, workerData } from 'node:worker_threads';
import { createGpuKernels } from './gpu/index.js';
import { ChunkCombiner } from './chunkCombiner.js';
import { describeFailure } from './failure.js';
import { runTask, type WorkerTools } from './runTask.js';
import { ProductComparer } from './products/index.js';
import { createSimdKernels } from './simd/index.js';
import { SliceReader } from './sliceReader.js';
import { buffersOf, type TaskMessage, type WorkerMessage, type WorkerSettings } from './task.js';
import { ValueFormer } from './valueFormer.js';

const settings = workerData as WorkerSettings;
const port = parentPort!;
const reader = new SliceReader(settings.maxOpenFiles);
let products: ProductComparer | null = null;
let combiner: ChunkCombiner | null = null;
let former: ValueFormer | null = null;

async function serve(): Promise<void> {
  const kernels = settings.engine === 'gpu' ? await createGpuKernels() : await createSimdKernels();
  const tools: WorkerTools = { kernels, reader, products: productsOnce, combiner: combinerOnce, former: formerOnce };
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: TaskMessage) => {
    last = last.then(() => answer(tools, message));
  });
  post({ kind: 'ready', detail: kernels.detail });
}

async function answer(tools: WorkerTools, { id, task }: TaskMessage): Promise<void> {
  try {
    post({ kind: 'result', id, result: await runTask(task, tools) }, buffersOf(task));
  } catch (error) {
    post({ kind: 'failure', id, failure: describeFailure(error) });
  }
}

function productsOnce(): ProductComparer {
  return (products ??= new ProductComparer(reader));
}

function combinerOnce(): ChunkCombiner {
  return (combiner ??= new ChunkCombiner(reader));
}

function formerOnce(): ValueFormer {
  return (former ??= new ValueFormer(reader));
}

function post(message: WorkerMessage, transferred: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transferred);
}

serve().catch((error: unknown) => post({ kind: 'failure', id: null, failure: describeFailure(error) }));
