import type { ProductTask } from '../compute/index.js';
import type { ComparisonPlan } from './planComparison.js';

/** A pair of products, by index into the plan. */
export interface PlannedProducts {
  readonly pair: number;
  readonly name: string;
  /** Of their values. */
  readonly count: number;
  readonly task: ProductTask;
}

/** The pairs that are compared by their factors. */
export function* planProducts(plan: ComparisonPlan): Generator<PlannedProducts> {
  if (plan.sameFiles) return;
  for (const [pair, { pair: matched, treatment }] of plan.pairs.entries()) {
    if (treatment.kind !== 'compare' || treatment.products === null) continue;
    const { name } = matched.a ?? matched.b;
    yield {
      pair,
      name,
      count: (treatment.values ?? []).reduce((sum, strand) => sum + strand.count, 0),
      task: { kind: 'products', pair: treatment.products },
    };
  }
}
