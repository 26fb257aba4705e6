import type { ModelPlan, PlannedTensor } from '../../combine/index.js';
import { isStorageDtype, WorkerPool } from '../../compute/index.js';
import { BufferPool, planStage, StageWeights, type WantedTensor } from '../../evaluate/weights/index.js';
import { planDifference } from '../disk/planDifference.js';
import { DiffVectorSums } from './diffVectorSums.js';

/** A fine-tuned version and what it was made from; paths. */
export interface FineTunePair {
  readonly finetuned: string;
  readonly base: string;
}

export interface MeasuredDiffVector {
  readonly norm: number;
  /** With the one before it; null for the first. */
  readonly cosine: number | null;
}

export interface MeasureOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number, tensor: string) => void) | undefined;
}

/** Elements that a worker forms at once: with two releases about 25 MB of raw bytes and values. */
const blockLength = 1024 * 1024;

/**
 * Norms of diff vectors and cosines between neighbours. Every model is read once, tensor by tensor; the differences are
 * formed in float64, rounded to float32, and never written. Integer tensors are left out.
 * @throws as `planDifference`
 */
export async function measureDiffVectors(pairs: readonly FineTunePair[], options: MeasureOptions = {}): Promise<MeasuredDiffVector[]> {
  const plans: ModelPlan[] = [];
  for (const { finetuned, base } of pairs) plans.push(await planDifference(finetuned, base, options.signal));
  const sums = new DiffVectorSums(pairs.length);
  await WorkerPool.use({ engine: 'simd', workers: null }, options.signal, async (pool) => {
    const buffers = new BufferPool();
    const progress = new Progress(plans, options);
    for (const group of tensorGroups(plans)) {
      const blocks = blocksOf(group.tensor);
      for (let first = 0; first < blocks.length; first += pool.size) {
        options.signal?.throwIfAborted();
        const wanted = blocks.slice(first, first + pool.size);
        progress.add(await addBlocks(plans, group, wanted, pool, buffers, sums), group.tensor.name);
      }
      buffers.clear();
    }
  });
  return pairs.map((_, i) => ({ norm: Math.sqrt(sums.squares[i]!), cosine: sums.cosine(i) }));
}

/** A tensor of one shape, and the diff vectors that have it. */
interface TensorGroup {
  readonly tensor: PlannedTensor;
  readonly members: readonly number[];
}

/** Tensors of the same name and another shape are groups of their own. */
function tensorGroups(plans: readonly ModelPlan[]): TensorGroup[] {
  const groups = new Map<string, { tensor: PlannedTensor; members: number[] }>();
  for (const [member, { tensors }] of plans.entries()) {
    for (const tensor of tensors.filter(({ dtype }) => isStorageDtype(dtype))) {
      const key = JSON.stringify([tensor.name, tensor.shape]);
      const group = groups.get(key) ?? { tensor, members: [] };
      groups.set(key, group);
      group.members.push(member);
    }
  }
  return [...groups.values()];
}

function blocksOf({ name, shape }: PlannedTensor): WantedTensor[] {
  const count = shape.reduce((product, size) => product * size, 1);
  return Array.from({ length: Math.ceil(count / blockLength) }, (_, i) => {
    const first = i * blockLength;
    return { tensor: name, ranges: [{ first, count: Math.min(blockLength, count - first) }] };
  });
}

/** A block for each worker. @returns bytes read */
async function addBlocks(
  plans: readonly ModelPlan[],
  { members }: TensorGroup,
  blocks: readonly WantedTensor[],
  pool: WorkerPool,
  buffers: BufferPool,
  sums: DiffVectorSums,
): Promise<number> {
  const stage = planStage(
    members.map((member) => plans[member]!),
    blocks,
  );
  const weights = new StageWeights(stage, pool, buffers);
  const byteLength = await weights.load();
  const formed = await Promise.all(members.map((_, candidate) => weights.form(candidate, false)));
  for (const [block, { ranges }] of blocks.entries()) {
    const values = plans.map((_, plan) => {
      const candidate = members.indexOf(plan);
      return candidate < 0 ? null : new Float32Array(formed[candidate]![block]!.values, 0, ranges[0]!.count);
    });
    sums.add(values);
  }
  buffers.give(formed.flat().map(({ values }) => values));
  return byteLength;
}

class Progress {
  #doneBytes = 0;
  readonly #totalBytes: number;

  constructor(
    plans: readonly ModelPlan[],
    private readonly options: MeasureOptions,
  ) {
    this.#totalBytes = plans.reduce((sum, { readByteLength }) => sum + readByteLength, 0);
  }

  add(byteLength: number, tensor: string): void {
    this.#doneBytes += byteLength;
    this.options.onProgress?.(Math.min(this.#doneBytes, this.#totalBytes), this.#totalBytes, tensor);
  }
}
