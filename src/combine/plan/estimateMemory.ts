import type { PlannedTensor } from '../plan.js';
import type { OpenInput } from './openInputs.js';

/** The process with its bundles; per worker thread, an isolate and its buffers. */
const processMemory = 69e6;
const workerMemory = 15e6;
/** Per worker thread where values are decoded: what it has read of codes and scales of three versions. */
const decodingMemory = 65e6;
/** Per tensor of the output: headers of three inputs, its plan, and its entry in the manifest. */
const tensorMemory = 11e3;
/** Per token of each distinct vocabulary, its file included. */
const tokenMemory = 150;
/** Per run of rows: vocabularies whose order differs have up to one a row. */
const rowRunMemory = 1100;

/**
 * Bytes at the peak of a run: they depend on the numbers of tensors, tokens and runs of rows, not on the size of the weights.
 * The pieces were fitted to whole transfers with Node 20: 219 tensors in versions of 861 MB with 1, 2 and 4 workers, 100,000
 * tensors, and 128,000 tokens in equal and in shuffled order with rows of 128 and 2048 bytes.
 */
export function estimateMemory(
  inputs: readonly Pick<OpenInput, 'vocabulary'>[],
  tensors: readonly Pick<PlannedTensor, 'rows' | 'sources'>[],
  workers: number,
): number {
  const vocabularies = new Set(inputs.flatMap(({ vocabulary }) => vocabulary ?? []));
  const tokens = [...vocabularies].reduce((sum, { idOf }) => sum + idOf.size, 0);
  const rowRuns = tensors.reduce((sum, { rows }) => sum + (rows?.length ?? 0), 0);
  const isDecoding = tensors.some(({ sources }) => sources.some((source) => source !== null && 'recipe' in source));
  const perWorker = workerMemory + (isDecoding ? decodingMemory : 0);
  return processMemory + workers * perWorker + tensors.length * tensorMemory + tokens * tokenMemory + rowRuns * rowRunMemory;
}
