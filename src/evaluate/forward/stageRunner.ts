import type { WorkerPool } from '../../compute/index.js';
import { StageWeights, type BufferPool } from '../weights/index.js';
import type { StageRequest, StageResult, ModelRequest, StageStep, WeightFeed, WeightInput } from './protocol.js';
import type { StreamedModel } from './streamedModel.js';

/**
 * Runs stages in the model's thread. Forming and running take turns, each with all processors: overlapped they hinder each
 * other, and need the memory of a second layer (docs/decisions.md, "Forming and running take turns").
 */
export class StageRunner {
  constructor(
    private readonly pool: Pick<WorkerPool, 'run' | 'size'>,
    private readonly model: Pick<StreamedModel, 'run'>,
    private readonly buffers: BufferPool,
  ) {}

  /** @param onCandidate called after each candidate */
  async run({ planned, step, rounded }: StageRequest, onCandidate: () => void): Promise<StageResult> {
    const weights = new StageWeights(planned, this.pool, this.buffers);
    const readByteLength = await weights.load();
    const nonFinite: number[][] = [];
    for (const candidate of planned.parts.keys()) {
      const formed = await weights.form(candidate, rounded);
      const values = formed.map((tensor) => tensor.values);
      for (const request of requestsOf(step, candidate, values)) await this.model.run(request);
      this.buffers.give(values);
      nonFinite.push(formed.map((tensor) => tensor.nonFinite));
      onCandidate();
    }
    return { readByteLength, nonFinite };
  }
}

/** The requests that carry out a stage's step for a candidate. @param values of the stage's tensors, in the order in which they were wanted */
function requestsOf(step: StageStep, candidate: number, values: readonly ArrayBuffer[]): ModelRequest[] {
  switch (step.kind) {
    case 'embed':
      return [{ ...step, candidate, rows: values[0]!, positions: values[1] ?? null }];
    case 'block':
    case 'norm':
      return [{ ...step, candidate, weights: fed(step.weights, values) }];
    case 'project': {
      const perBlock = values.length / step.blocks.length;
      return step.blocks.map(({ weights, ...rows }, i) => ({
        kind: 'project',
        candidate,
        graph: step.graph,
        ...rows,
        weights: fed(weights, values.slice(i * perBlock, (i + 1) * perBlock)),
      }));
    }
    default:
      return step satisfies never;
  }
}

function fed(weights: readonly WeightInput[], values: readonly ArrayBuffer[]): WeightFeed[] {
  return weights.map((weight, i) => ({ ...weight, values: values[i]! }));
}
