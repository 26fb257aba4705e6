/**
 * Entry of the thread that runs a model. onnxruntime blocks its thread while it computes, and the weights that are formed
 * for it come straight here: passed on by a thread with a larger heap, they would make that one collect garbage all the time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { describeFailure, WorkerPool } from '../../compute/index.js';
import { BufferPool } from '../weights/index.js';
import type { ModelThreadSettings, ThreadAnswer, ThreadMessage, ThreadResults, ThreadRequest } from './protocol.js';
import { StageRunner } from './stageRunner.js';
import { StreamedModel } from './streamedModel.js';

const port = parentPort!;
const settings = workerData as ModelThreadSettings;
const model = new StreamedModel(settings);
let pool: WorkerPool | null = null;
let runner: StageRunner | null = null;
let last: Promise<void> = Promise.resolve();

/** Made when the first stage needs it: to measure the speed takes no workers. */
function runnerOnce(): StageRunner {
  pool ??= new WorkerPool({ engine: 'simd', workers: settings.threads });
  return (runner ??= new StageRunner(pool, model, new BufferPool()));
}

function run(id: number, request: ThreadRequest): Promise<ThreadResults[ThreadRequest['kind']]> {
  return request.kind === 'stage' ? runnerOnce().run(request, () => post({ kind: 'candidate', id })) : model.run(request);
}

async function answer(message: ThreadMessage): Promise<void> {
  if (message === null) return end();
  const { id, request } = message;
  try {
    post({ kind: 'result', id, result: await run(id, request) });
  } catch (error) {
    post({ kind: 'failure', id, failure: describeFailure(error) });
  }
}

/** Within a worker this ends the thread alone. Nothing computes any more: requests are carried out in order. */
async function end(): Promise<never> {
  await pool?.dispose();
  process.exit();
}

function post(message: ThreadAnswer): void {
  port.postMessage(message);
}

port.on('message', (message: ThreadMessage) => {
  last = last.then(() => answer(message));
});
