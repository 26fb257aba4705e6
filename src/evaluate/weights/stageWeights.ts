import type { FormedValues, ValuesToForm, WorkerPool } from '../../compute/index.js';
import type { BufferPool } from './bufferPool.js';
import type { PlannedStage, StagePart } from './planStage.js';
import { shareOut } from './shareOut.js';

/**
 * The weights of one stage for all candidates. Every wanted tensor belongs to one worker, which reads its raw bytes of
 * every checkpoint once, and forms each candidate's values from them. A worker holds one stage at a time.
 */
export class StageWeights {
  /** Of each worker, the wanted tensors that it forms. */
  readonly #shares: readonly (readonly number[])[];
  /** What each worker reads: keys of the stage's inputs. */
  readonly #inputs: readonly (readonly string[])[];

  constructor(
    private readonly stage: PlannedStage,
    private readonly pool: Pick<WorkerPool, 'run' | 'size'>,
    private readonly buffers: BufferPool,
  ) {
    this.#shares = shareOut(
      stage.parts[0]!.map(({ count }) => count),
      pool.size,
    );
    this.#inputs = this.#shares.map((share) => [
      ...new Set(stage.parts.flatMap((parts) => share.flatMap((wanted) => parts[wanted]!.inputs))),
    ]);
  }

  /** Reads what the candidates need. @returns the number of bytes read */
  async load(): Promise<number> {
    const counts = await Promise.all(this.#inputs.map((keys, worker) => this.#load(keys, worker)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Forms the values of every wanted tensor for one candidate, in the order in which they were wanted. Their buffers go back to the pool after use. */
  async form(candidate: number, rounded: boolean): Promise<FormedValues[]> {
    const parts = this.stage.parts[candidate]!;
    const formed = new Map<number, FormedValues>();
    const work = this.#shares.map(async (share, worker) => {
      const toForm = share.map((wanted) => this.#valuesToForm(parts[wanted]!, worker, rounded));
      const results = await this.pool.run({ kind: 'form', parts: toForm }, worker);
      for (const [i, wanted] of share.entries()) formed.set(wanted, results[i]!);
    });
    await Promise.all(work);
    return parts.map((_, wanted) => formed.get(wanted)!);
  }

  #load(keys: readonly string[], worker: number): Promise<number> {
    return this.pool.run({ kind: 'load', inputs: keys.map((key) => this.stage.inputs.get(key)!) }, worker);
  }

  #valuesToForm({ inputs, ...part }: StagePart, worker: number, rounded: boolean): ValuesToForm {
    const held = inputs.map((key) => this.#inputs[worker]!.indexOf(key));
    return { ...part, inputs: held, rounded, into: this.buffers.take(part.count * 4) };
  }
}
