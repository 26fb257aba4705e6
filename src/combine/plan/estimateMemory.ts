import type { OpenInput } from './openInputs.js';

/** The process with its bundles; per worker thread, an isolate and its buffers. Measured with Node 20, 861 MB a version. */
const processMemory = 75e6;
const workerMemory = 12e6;
/** Measured with vocabularies of 128,000 tokens, their files included. */
const tokenMemory = 250;

/** Bytes at the peak of a run. They do not depend on the size of the weights, only on that of the vocabularies. */
export function estimateMemory(inputs: readonly OpenInput[], workers: number): number {
  const vocabularies = new Set(inputs.flatMap(({ vocabulary }) => vocabulary ?? []));
  const tokens = [...vocabularies].reduce((sum, { idOf }) => sum + idOf.size, 0);
  return processMemory + workers * workerMemory + tokens * tokenMemory;
}
