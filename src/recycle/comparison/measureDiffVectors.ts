import type { ModelPlan, PlannedTensor } from '../../combine/index.js';
import { isStorageDtype, WorkerPool } from '../../compute/index.js';
import { BufferPool, planStage, StageWeights, type WantedTensor, type WeightBuffers } from '../../evaluate/weights/index.js';
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

/** Elements that are formed at once: with two releases about 50 MB of raw bytes and values. */
const blockLength = 2 * 1024 * 1024;

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
    const buffers = {
      raw: new BufferPool((length) => new SharedArrayBuffer(length)),
      formed: new BufferPool((length) => new ArrayBuffer(length)),
    };
    const progress = new Progress(plans, options);
    for (const group of tensorGroups(plans)) {
      for (const wanted of blocksOf(group.tensor)) {
        options.signal?.throwIfAborted();
        progress.add(await addBlock(plans, group, wanted, pool, buffers, sums), group.tensor.name);
      }
      buffers.raw.clear();
      buffers.formed.clear();
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

/** @returns bytes read */
async function addBlock(
  plans: readonly ModelPlan[],
  { members }: TensorGroup,
  wanted: WantedTensor,
  pool: WorkerPool,
  buffers: WeightBuffers,
  sums: DiffVectorSums,
): Promise<number> {
  const stage = planStage(
    members.map((member) => plans[member]!),
    [wanted],
  );
  const weights = new StageWeights(stage, pool, buffers);
  const byteLength = await weights.load();
  const formed = await Promise.all(members.map((_, candidate) => weights.form(candidate, false)));
  const count = wanted.ranges[0]!.count;
  const values = plans.map((_, plan) => {
    const candidate = members.indexOf(plan);
    return candidate < 0 ? null : new Float32Array(formed[candidate]![0]!.values, 0, count);
  });
  sums.add(values);
  weights.release();
  buffers.formed.give(formed.flat().map(({ values: buffer }) => buffer));
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
