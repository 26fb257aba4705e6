import { bitsOf } from '../../checkpoint/index.js';
import {
  cutSegments,
  hashChunkByteLength,
  type CombineResult,
  type CombineTask,
  type OutputChunk,
  type WorkerPool,
} from '../../compute/index.js';
import type { CombinePlan, PlannedTensor } from '../plan.js';
import { sliceSource, viewSource } from './sliceSource.js';
import { treatmentOf } from './treatment.js';

/** What is needed of a plan to compute its tensors; a manifest says it too. */
export type Computation = Pick<CombinePlan, 'combination' | 'inputs' | 'tensors'>;

/** So much output at most shares a task, and so many chunks, to bound messages when tensors are tiny. */
const taskByteLength = 4 * 1024 * 1024;
const mostChunksPerTask = 64;

/** Where an output tensor's file lies and its data section begins. */
export interface OutputShard {
  readonly path: string;
  readonly dataStart: number;
}

export interface PlannedTask {
  readonly task: CombineTask;
  /** Number of each chunk, counted over all tensors in the order of the plan. */
  readonly numbers: readonly number[];
  readonly byteLength: number;
}

/** Chunks of one tensor: one for every started `hashChunkByteLength` bytes. */
export function chunkCount(byteLength: number): number {
  return Math.ceil(byteLength / hashChunkByteLength);
}

/** Number of the first chunk of each tensor, and of all chunks at the end. */
export function firstChunks(tensors: readonly Pick<PlannedTensor, 'byteLength'>[]): number[] {
  const firsts = [0];
  for (const { byteLength } of tensors) firsts.push(firsts.at(-1)! + chunkCount(byteLength));
  return firsts;
}

/** Bytes of the chunks for which `isWanted`. */
export function chunkBytes(tensors: readonly Pick<PlannedTensor, 'byteLength'>[], isWanted: (chunk: number) => boolean): number {
  let [number, sum] = [0, 0];
  for (const { byteLength } of tensors) {
    for (let first = 0; first < byteLength; first += hashChunkByteLength, number++) {
      if (isWanted(number)) sum += Math.min(hashChunkByteLength, byteLength - first);
    }
  }
  return sum;
}

/** The work on all chunks for which `isWanted`, in the order of the plan. Lazy. */
export function* planTasks(
  computation: Computation,
  shards: readonly OutputShard[],
  mode: CombineTask['mode'],
  isWanted: (chunk: number) => boolean,
): Generator<PlannedTask> {
  let chunks: OutputChunk[] = [];
  let numbers: number[] = [];
  let bytes = 0;
  for (const { chunk, number } of planChunks(computation, shards, isWanted)) {
    if (chunks.length > 0 && (bytes + chunk.byteLength > taskByteLength || chunks.length >= mostChunksPerTask)) {
      yield { task: { kind: 'combine', mode, chunks }, numbers, byteLength: bytes };
      [chunks, numbers, bytes] = [[], [], 0];
    }
    chunks.push(chunk);
    numbers.push(number);
    bytes += chunk.byteLength;
  }
  if (chunks.length > 0) yield { task: { kind: 'combine', mode, chunks }, numbers, byteLength: bytes };
}

/** A task that a worker has, without what it consists of: the worker has its own copy, and there may be a million chunks. */
export interface SentTask extends Omit<PlannedTask, 'task'> {
  /** Of each chunk the name of its tensor. */
  readonly tensors: readonly string[];
  /** The files that the chunks are in. */
  readonly files: ReadonlySet<string>;
  readonly result: Promise<CombineResult>;
}

/** Sends each task as it is taken. */
export function* sendTasks(pool: WorkerPool, tasks: Iterable<PlannedTask>): Generator<SentTask> {
  for (const { task, numbers, byteLength } of tasks) {
    const tensors = task.chunks.map(({ tensor }) => tensor);
    const files = new Set(task.chunks.map(({ path }) => path));
    yield { numbers, byteLength, tensors, files, result: pool.run(task) };
  }
}

function* planChunks(
  computation: Computation,
  shards: readonly OutputShard[],
  isWanted: (chunk: number) => boolean,
): Generator<{ chunk: OutputChunk; number: number }> {
  let number = 0;
  for (const tensor of computation.tensors) {
    const cut = chunkCutter(computation, tensor, shards[tensor.shard]!);
    for (let first = 0; first < tensor.byteLength; first += hashChunkByteLength, number++) {
      if (isWanted(number)) yield { chunk: cut(first), number };
    }
  }
}

/** @returns a function that describes the chunk which starts at a byte of the tensor. */
function chunkCutter({ combination, inputs }: Computation, tensor: PlannedTensor, shard: OutputShard): (firstByte: number) => OutputChunk {
  const { runs, inputs: used } = treatmentOf(combination, tensor);
  const views = used.map((index) => viewSource(tensor, inputs[index]!, index));
  const size = bitsOf(tensor.dtype) / 8;
  return (firstByte) => {
    const byteLength = Math.min(hashChunkByteLength, tensor.byteLength - firstByte);
    const [first, count] = [firstByte / size, byteLength / size];
    return {
      tensor: tensor.name,
      dtype: tensor.dtype,
      path: shard.path,
      start: shard.dataStart + tensor.offset + firstByte,
      byteLength,
      inputs: views.map((view) => sliceSource(view, first, count)),
      segments: runs === null ? null : cutSegments(runs, first, count),
    };
  };
}
