import type { ChunkSums, ProductSums } from '../compute/index.js';
import type { TensorName } from '../model/names/index.js';
import type { ComparisonPlan, SlicePlace } from './planComparison.js';
import type { CodeCounts, DeltaStatistics, MaybeStatistics } from './report/index.js';
import { StatisticsSum } from './statisticsSum.js';

/** What a comparison has found of one pair. */
export interface PairResult {
  /** Layer and module. */
  readonly place: TensorName;
  /** Null where no values were compared. */
  readonly statistics: MaybeStatistics | null;
  /** Null where no codes were compared. */
  readonly codes: CodeCounts | null;
  /** All bytes that were compared are equal, and both sides are stored alike. */
  readonly sameBytes: boolean;
}

/** What a comparison has found: of every pair, and the sums of each module of each layer. */
export interface ComparisonResult {
  /** By index into the plan's pairs. */
  readonly pairs: readonly PairResult[];
  /** Of the parameters, by layer, then module; absent where nothing was compared. */
  readonly modules: ReadonlyMap<string, ReadonlyMap<string, StatisticsSum>>;
}

/** What is known of a pair while its chunks come in. */
interface OpenPair {
  readonly place: TensorName;
  statistics: MaybeStatistics | null;
  codes: { readonly compared: number; readonly changed: number } | null;
  sameBytes: boolean;
}

/**
 * Adds chunks up to tensors and tensors to modules. Chunks come in the plan's order, so only one tensor is open at a
 * time: a tensor that is complete keeps its statistics and gives its sums to its module.
 */
export class ComparisonSums {
  readonly #pairs: readonly OpenPair[];
  readonly #isParameter: readonly boolean[];
  readonly #modules = new Map<string, Map<string, StatisticsSum>>();
  #empty = new StatisticsSum();
  #open: { readonly pair: number; readonly sum: StatisticsSum } | null = null;

  /** @param isDoubtful whether a pair's values are to be compared again in another order: what was found of it is dropped then */
  constructor(
    plan: ComparisonPlan,
    private readonly isDoubtful: (pair: number, found: DeltaStatistics) => boolean = () => false,
  ) {
    this.#pairs = plan.pairs.map(({ place }) => ({
      place,
      statistics: null,
      codes: null,
      sameBytes: true,
    }));
    this.#isParameter = plan.pairs.map(({ pair }) => (pair.a ?? pair.b).kind === 'parameter');
    if (plan.sameFiles) return;
    for (const [pair, { treatment }] of plan.pairs.entries()) {
      if (treatment.kind === 'compare' && treatment.values?.every(({ count }) => count === 0) === true) this.#close(pair, this.#empty);
    }
  }

  /** Adds a chunk that begins at a place of the plan. */
  add({ pair, of, first }: SlicePlace, chunk: ChunkSums, sameBytes: boolean): void {
    const found = this.#pairs[pair]!;
    found.sameBytes &&= sameBytes;
    if (of === 'uncounted codes') return;
    if (of === 'codes') {
      found.codes = {
        compared: (found.codes?.compared ?? 0) + chunk.comparedCount,
        changed: (found.codes?.changed ?? 0) + chunk.changedCount,
      };
      return;
    }
    if (this.#open?.pair !== pair) {
      this.#closeOpen();
      this.#open = { pair, sum: this.#empty };
    }
    this.#open.sum.addChunk(chunk, first);
  }

  /** Adds a pair of products. They come before all chunks. @param count of their values */
  addProducts(pair: number, sums: ProductSums, count: number): void {
    this.#pairs[pair]!.sameBytes = sums.sameFactors;
    const sum = this.#empty;
    sum.addProducts(sums, count);
    this.#keep(pair, sum);
  }

  /** What is complete: the tensor that is being added up is not among it. */
  soFar(): ComparisonResult {
    return { pairs: this.#pairs, modules: this.#modules };
  }

  finish(): ComparisonResult {
    this.#closeOpen();
    return { pairs: this.#pairs, modules: this.#modules };
  }

  #closeOpen(): void {
    if (this.#open) this.#close(this.#open.pair, this.#open.sum);
    this.#open = null;
  }

  #close(pair: number, sum: StatisticsSum): void {
    if (this.isDoubtful(pair, sum.finish())) {
      this.#empty = sum.replace();
      this.#pairs[pair]!.sameBytes = true;
    } else this.#keep(pair, sum);
  }

  #keep(pair: number, sum: StatisticsSum): void {
    this.#pairs[pair]!.statistics = sum.finishKnown();
    this.#empty = this.#isParameter[pair] ? this.#addToModule(this.#pairs[pair]!.place, sum) : sum.replace();
  }

  /** @returns an empty sum, for the next tensor */
  #addToModule({ layer, module }: TensorName, sum: StatisticsSum): StatisticsSum {
    const modules = this.#modules.get(layer) ?? new Map<string, StatisticsSum>();
    this.#modules.set(layer, modules);
    const total = modules.get(module);
    if (total) total.addSum(sum);
    else modules.set(module, sum);
    return total ? sum.replace() : new StatisticsSum();
  }
}
