/** Entry of the thread that runs a model's arithmetic: onnxruntime blocks its thread while it computes. */
import { parentPort, workerData } from 'node:worker_threads';
import { buffersIn, type ModelAnswer, type ModelMessage, type ModelThreadSettings } from './protocol.js';
import { StreamedModel } from './streamedModel.js';

const port = parentPort!;
const model = new StreamedModel(workerData as ModelThreadSettings);
let last: Promise<void> = Promise.resolve();

async function answer({ id, request }: ModelMessage): Promise<void> {
  try {
    const result = await model.run(request);
    const buffers = buffersIn(request);
    port.postMessage({ kind: 'result', id, result, buffers } satisfies ModelAnswer, buffers);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: 'failure', id, message } satisfies ModelAnswer);
  }
}

port.on('message', (message: ModelMessage) => {
  last = last.then(() => answer(message));
});
