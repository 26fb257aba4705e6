import { chunkByteLength } from '../../compute/index.js';

/** The process itself with its bundles and, per worker thread, an isolate: measured with Node 22. */
const processMemory = 60e6;
const workerMemory = 12e6;

/** Bytes at the peak of a run: every worker holds a chunk of each input and one of the output. */
export function estimateMemory(inputCount: number, workers: number): number {
  return processMemory + workers * (workerMemory + (inputCount + 1) * chunkByteLength);
}
