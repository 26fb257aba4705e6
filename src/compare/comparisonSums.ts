import type { ChunkSums } from '../compute/index.js';
import type { ComparisonPlan } from './planComparison.js';
import type { DeltaStatistics } from './report/index.js';
import { StatisticsSum } from './statisticsSum.js';
import { applyPrefixMap, parseTensorName, type TensorName, type TensorPair } from '../model/names/index.js';

/** What a comparison has found: statistics of every compared pair, and the sums of each module of each layer. */
export interface ComparisonResult {
  /** By index into the plan's pairs: layer and module. */
  readonly places: readonly TensorName[];
  /** By index into the plan's pairs; null where nothing was compared. */
  readonly statistics: readonly (DeltaStatistics | null)[];
  /** By layer, then module; absent where nothing was compared. */
  readonly modules: ReadonlyMap<string, ReadonlyMap<string, StatisticsSum>>;
}

/**
 * Adds chunks up to tensors and tensors to modules. Chunks come in the plan's order, so only one tensor is open at a
 * time: a tensor that is complete keeps its statistics and gives its sums to its module.
 */
export class ComparisonSums {
  readonly #places: readonly TensorName[];
  readonly #statistics: (DeltaStatistics | null)[];
  readonly #modules = new Map<string, Map<string, StatisticsSum>>();
  #empty = new StatisticsSum();
  #open: { readonly pair: number; readonly sum: StatisticsSum } | null = null;

  constructor(plan: ComparisonPlan) {
    this.#places = plan.pairs.map(({ pair }) => parseTensorName(nameInA(pair, plan)));
    this.#statistics = plan.pairs.map(() => null);
    if (plan.sameFiles) return;
    for (const [pair, { treatment }] of plan.pairs.entries()) {
      if (treatment.kind === 'compare' && treatment.count === 0) this.#close(pair, this.#empty);
    }
  }

  /** Adds a chunk of the plan's pair `pair` whose first element is element `first` of the tensor. */
  add(pair: number, chunk: ChunkSums, first: number): void {
    if (this.#open?.pair !== pair) {
      this.#closeOpen();
      this.#open = { pair, sum: this.#empty };
    }
    this.#open.sum.addChunk(chunk, first);
  }

  finish(): ComparisonResult {
    this.#closeOpen();
    return { places: this.#places, statistics: this.#statistics, modules: this.#modules };
  }

  #closeOpen(): void {
    if (this.#open) this.#close(this.#open.pair, this.#open.sum);
    this.#open = null;
  }

  #close(pair: number, sum: StatisticsSum): void {
    this.#statistics[pair] = sum.finish();
    const { layer, module } = this.#places[pair]!;
    const modules = this.#modules.get(layer) ?? new Map<string, StatisticsSum>();
    this.#modules.set(layer, modules);
    const total = modules.get(module);
    if (total) total.addSum(sum);
    else modules.set(module, sum);
    this.#empty = total ? sum.replace() : new StatisticsSum();
  }
}

/** The name by which a tensor has its place: A's, also for what only B has, so that both are in one layer. */
function nameInA({ a, b }: TensorPair, { prefixMap }: ComparisonPlan): string {
  return a === null ? applyPrefixMap(b.name, prefixMap) : a.name;
}
