import type { ChunkCombiner } from './chunkCombiner.js';
import { compareSlices, type SliceComparison } from './compareSlices.js';
import type { SliceSource } from './sliceReader.js';
import type { Kernels } from './kernels.js';
import { packStatistics } from './packedStatistics.js';
import type { ProductComparer } from './products/index.js';
import { profileRows } from './profile.js';
import { countSpread } from './spread.js';
import { readInputs } from './readInputs.js';
import { decodeToFloat64 } from './reference/index.js';
import type { CompareResult, CompareTask, ProfileResult, ProfileTask, Task, TaskResults } from './task.js';
import type { ValueFormer } from './valueFormer.js';

/** What a worker works with. `products`, `combiner` and `former` are made when the first task needs them. */
export interface WorkerTools {
  readonly kernels: Kernels;
  readonly reader: SliceSource;
  readonly products: () => ProductComparer;
  readonly combiner: () => ChunkCombiner;
  readonly former: () => ValueFormer;
}

/** Does one task. */
export async function runTask(
  task: Task,
  { kernels, reader, products, combiner, former }: WorkerTools,
): Promise<TaskResults[Task['kind']]> {
  switch (task.kind) {
    case 'compare':
      return runCompare(task, kernels, reader);
    case 'products':
      return products().compare(task.pair);
    case 'profile':
      return runProfile(task, kernels, reader);
    case 'combine':
      return combiner().combine(task);
    case 'hash':
      return combiner().hash(task);
    case 'load':
      return former().load(task);
    case 'form':
      return former().form(task);
    default:
      return task satisfies never;
  }
}

async function runCompare(task: CompareTask, kernels: Kernels, reader: SliceSource): Promise<CompareResult> {
  const results: SliceComparison[] = [];
  for (const pair of task.pairs) results.push(await compareSlices(pair, kernels, reader));
  return {
    statistics: packStatistics(results.map(({ statistics }) => statistics)),
    sameBytes: Uint8Array.from(results, ({ sameBytes }) => Number(sameBytes)),
  };
}

function runProfile({ pair, firstRow, grid, spans }: ProfileTask, kernels: Kernels, reader: SliceSource): ProfileResult {
  const { a, b } = readInputs(pair, kernels, reader);
  const valuesA = decodeToFloat64(pair.a.dtype, a, pair.count);
  const valuesB = decodeToFloat64((pair.b ?? pair.a).dtype, b, pair.count);
  return { sums: profileRows(valuesA, valuesB, firstRow, grid), spread: spans && countSpread(valuesA, valuesB, spans) };
}
