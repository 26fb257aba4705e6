import type { FormTask, WorkerPool } from '../../compute/index.js';
import type { BufferPool } from './bufferPool.js';
import type { PlannedStage, StagePart } from './planStage.js';
import { shareOut } from './shareOut.js';

/** Float32 values of a wanted tensor, in a buffer that goes back to the pool after use. */
export interface FormedTensor {
  readonly values: ArrayBuffer;
  readonly nonFinite: number;
}

/**
 * The weights of one stage for all candidates. Every wanted tensor belongs to one worker, which reads its raw bytes of
 * every checkpoint once, and forms each candidate's values from them. A worker holds one stage at a time.
 */
export class StageWeights {
  /** Of each wanted tensor, the worker that forms it. */
  readonly #workers: readonly number[];
  /** What each worker reads: keys of the stage's inputs. */
  readonly #inputs: readonly (readonly string[])[];

  constructor(
    private readonly stage: PlannedStage,
    private readonly pool: Pick<WorkerPool, 'run' | 'size'>,
    private readonly buffers: BufferPool,
  ) {
    const shares = shareOut(
      stage.parts[0]!.map(({ count }) => count),
      pool.size,
    );
    this.#workers = stage.parts[0]!.map((_, wanted) => shares.findIndex((share) => share.includes(wanted)));
    this.#inputs = shares.map((share) => [...new Set(stage.parts.flatMap((parts) => share.flatMap((wanted) => parts[wanted]!.inputs)))]);
  }

  /** Reads what the candidates need. @returns the number of bytes read */
  async load(): Promise<number> {
    const counts = await Promise.all(this.#inputs.map((keys, worker) => this.#load(keys, worker)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Forms the values of every wanted tensor for one candidate, in the order in which they were wanted. */
  form(candidate: number, rounded: boolean): Promise<FormedTensor[]> {
    const parts = this.stage.parts[candidate]!;
    return Promise.all(parts.map((part, wanted) => this.#form(part, this.#workers[wanted]!, rounded)));
  }

  #load(keys: readonly string[], worker: number): Promise<number> {
    return this.pool.run({ kind: 'load', inputs: keys.map((key) => this.stage.inputs.get(key)!) }, worker);
  }

  #form({ inputs, ...part }: StagePart, worker: number, rounded: boolean): Promise<FormedTensor> {
    const held = inputs.map((key) => this.#inputs[worker]!.indexOf(key));
    const into = this.buffers.take(part.count * 4);
    return this.pool.run({ kind: 'form', ...part, inputs: held, rounded, into } satisfies FormTask, worker);
  }
}
