import type { ModelRequest, StageStep, WeightFeed, WeightInput } from './protocol.js';

/** The requests that carry out a stage's step for a candidate. @param values of the stage's tensors, in the order in which they were wanted */
export function requestsOf(step: StageStep, candidate: number, values: readonly ArrayBuffer[]): ModelRequest[] {
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
