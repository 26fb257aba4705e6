import { quoteName } from '../../checkpoint/index.js';
import { partOf, type Computation, type ElementRange, type TensorPart } from '../../combine/index.js';
import { isStorageDtype, type ChunkInput, type FormTask, type StorageDtype, type WorkerPool } from '../../compute/index.js';
import type { BufferPool } from './bufferPool.js';

/** What a stage needs of one tensor: all of it, or some rows. */
export interface WantedTensor {
  readonly tensor: string;
  /** In elements, ascending. */
  readonly ranges: readonly ElementRange[];
}

/** Float32 values of a wanted tensor, in a buffer that goes back to the pool after use. */
export interface FormedTensor {
  readonly values: ArrayBuffer;
  readonly nonFinite: number;
}

/** Buffers of all stages of a pass. */
export interface WeightBuffers {
  readonly raw: BufferPool<SharedArrayBuffer>;
  readonly formed: BufferPool<ArrayBuffer>;
}

interface PlannedPart extends TensorPart {
  readonly storage: StorageDtype;
}

/**
 * The weights of one stage for all candidates: raw bytes of every checkpoint are read once into shared memory, then each
 * candidate's values are formed from them as often as there are candidates.
 */
export class StageWeights {
  readonly #parts: readonly (readonly PlannedPart[])[];
  readonly #memory = new Map<string, SharedArrayBuffer>();

  /** @param wanted what the stage needs, the same for every candidate */
  constructor(
    candidates: readonly Computation[],
    wanted: readonly WantedTensor[],
    private readonly pool: WorkerPool,
    private readonly buffers: WeightBuffers,
  ) {
    this.#parts = candidates.map((candidate) => wanted.map((want) => planPart(candidate, want)));
  }

  /** Reads what the candidates need, each byte once. @returns the number of bytes read */
  async load(): Promise<number> {
    const inputs = new Map(this.#parts.flat().flatMap((part) => part.inputs.map((input) => [keyOf(input), input] as const)));
    const counts = await Promise.all([...inputs].map(([key, input]) => this.#loadInput(key, input)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Forms the values of every wanted tensor for one candidate, in the order of `wanted`. */
  form(candidate: number, rounded: boolean): Promise<FormedTensor[]> {
    return Promise.all(this.#parts[candidate]!.map((part) => this.pool.run(this.#task(part, rounded))));
  }

  /** Gives the raw bytes' memory back; nothing can be formed any more. */
  release(): void {
    this.buffers.raw.give(this.#memory.values());
    this.#memory.clear();
  }

  async #loadInput(key: string, { slices, byteLength }: ChunkInput): Promise<number> {
    const memory = this.buffers.raw.take(byteLength);
    this.#memory.set(key, memory);
    const covered = slices.reduce((sum, { slice }) => sum + slice.byteLength, 0);
    if (covered < byteLength) new Uint8Array(memory).fill(0);
    return this.pool.run({ kind: 'load', memory, slices });
  }

  #task({ inputs, segments, count, storage }: PlannedPart, rounded: boolean): FormTask {
    const sources = inputs.map((input) => ({ dtype: input.dtype, memory: this.#memory.get(keyOf(input))!, start: 0 }));
    return { kind: 'form', inputs: sources, segments, count, storage, rounded, into: this.buffers.formed.take(count * 4) };
  }
}

function planPart(candidate: Computation, { tensor, ranges }: WantedTensor): PlannedPart {
  const planned = candidate.tensors.find(({ name }) => name === tensor);
  if (planned === undefined) throw new Error(`internal: the plan of a candidate lacks tensor ${tensor}`);
  if (!isStorageDtype(planned.dtype))
    throw new Error(
      `Tensor ${quoteName(tensor)} is stored as ${planned.dtype}: models are scored from F64, F32, F16 or BF16 weights. Convert the checkpoint first.`,
    );
  return { ...partOf(candidate, planned, ranges), storage: planned.dtype };
}

/** Inputs with the same key are the same bytes in the same places. */
function keyOf({ dtype, slices }: ChunkInput): string {
  return `${dtype} ${slices.map(({ slice, at }) => `${at}:${slice.file.path}:${slice.start}+${slice.byteLength}`).join(' ')}`;
}
