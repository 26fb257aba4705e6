import type { ChunkInput, FormTask, WorkerPool } from '../../compute/index.js';
import type { BufferPool } from './bufferPool.js';
import { largestFirst } from './largestFirst.js';
import type { PlannedStage, StagePart } from './planStage.js';

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

/**
 * The weights of one stage for all candidates: raw bytes of every checkpoint are read once into shared memory, then each
 * candidate's values are formed from them as often as there are candidates.
 */
export class StageWeights {
  readonly #memory = new Map<string, SharedArrayBuffer>();

  constructor(
    private readonly stage: PlannedStage,
    private readonly pool: Pick<WorkerPool, 'run' | 'size'>,
    private readonly buffers: WeightBuffers,
  ) {}

  /** Reads what the candidates need, each byte once. @returns the number of bytes read */
  async load(): Promise<number> {
    const counts = await Promise.all([...this.stage.inputs].map(([key, input]) => this.#loadInput(key, input)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Forms the values of every wanted tensor for one candidate, in the order in which they were wanted. */
  form(candidate: number, rounded: boolean): Promise<FormedTensor[]> {
    const parts = this.stage.parts[candidate]!;
    return largestFirst(
      parts,
      ({ count }) => count,
      (part) => this.pool.run(this.#task(part, rounded)),
      this.pool.size,
    );
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

  #task({ inputs, segments, count, storage }: StagePart, rounded: boolean): FormTask {
    const sources = inputs.map((key) => ({ dtype: this.stage.inputs.get(key)!.dtype, memory: this.#memory.get(key)!, start: 0 }));
    return { kind: 'form', inputs: sources, segments, count, storage, rounded, into: this.buffers.formed.take(count * 4) };
  }
}
