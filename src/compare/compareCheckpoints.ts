import { CompanionReader, type Finding } from '../checkpoint/index.js';
import { inOrder, unpackStatistics, type WorkerPool } from '../compute/index.js';
import { assertUnchanged } from './assertUnchanged.js';
import { answerOrders, SecondLook } from './answerOrders.js';
import { buildReport } from './buildReport.js';
import { compareCompanions } from './companions.js';
import { ComparisonSums, type ComparisonResult } from './comparisonSums.js';
import { pairsByValue, planComparison, planTasks, readLength, type ComparisonPlan, type PlannedTask } from './planComparison.js';
import type { DiffReport, EngineChoice, PrefixRule } from './report/index.js';
import { PartialReports } from './partialReports.js';
import { planProducts } from './planProducts.js';
import { productsLength } from './products.js';
import { unreadableCompanions } from './textFiles.js';
import { tokenRowFindings } from './tokenRows.js';
import type { MapRule } from '../model/correspondence/index.js';
import { adapterTitle } from '../model/adapters/index.js';
import type { Model } from '../model/index.js';

/** Tasks in flight per worker: one at work, one waiting, so that no worker idles. */
const tasksPerWorker = 2;

export interface CompareOptions {
  /** What the pool's workers compute with, for the report. */
  readonly engine: EngineChoice;
  /** The caller's, so that its threads can start while headers are still being read. */
  readonly pool: WorkerPool;
  /** Null: propose one from the names. */
  readonly prefixMap: readonly PrefixRule[] | null;
  /** The user's rules for B's names; absent: none. */
  readonly nameMap?: readonly MapRule[];
  /** Called after each task with the bytes read so far, of all that will be read, and the tensor just reached. */
  readonly onProgress?: ((doneBytes: number, totalBytes: number, tensor: string) => void) | undefined;
  /** Called now and then while a long comparison runs, with what is known so far. */
  readonly onPartial?: ((report: DiffReport) => void) | undefined;
}

/**
 * Streams two checkpoints once and reduces every pair of tensors to statistics. Δ = B − A.
 * The result does not depend on the number of workers. Rejects when a file cannot be read or changes meanwhile, or with
 * the pool's reason when a worker fails or the pool is disposed; nothing is written in any case.
 */
export async function compareCheckpoints(a: Model, b: Model, options: CompareOptions): Promise<DiffReport> {
  requireAlike(a, b);
  const started = performance.now();
  const answered = answerOrders(planComparison(a, b, { prefixMap: options.prefixMap, map: options.nameMap ?? [] }));
  const reader = new CompanionReader();
  const [{ plan, result, findings }, companions, unreadable] = await Promise.all([
    readAndSum(answered.plan, options),
    compareCompanions(a, b, reader),
    unreadableCompanions(a, b, reader),
  ]);
  const tokenRows = await tokenRowFindings(a, b, companions.files, reader);
  await assertUnchanged([a, b]);
  const report = buildReport(plan, result, companions, options.engine, (performance.now() - started) / 1000);
  return { ...report, findings: [...answered.findings, ...findings, ...report.findings, ...unreadable, ...tokenRows] };
}

/** What an adapter stores is a change, or a part of one: held against a model's weights it would mean nothing. */
function requireAlike(a: Model, b: Model): void {
  const [adapter, model] = a.adapter === null ? [b, a] : [a, b];
  if (adapter.adapter === null || model.adapter !== null) return;
  throw new Error(
    `${adapter.path} is a ${adapterTitle(adapter.adapter)}, and ${model.path} is a model: an adapter stores a change of weights, which cannot be compared with weights. Compare with its base and it together, ${adapter.adapter.baseModel ?? 'BASE'}+${adapter.path}, or compare two adapters.`,
  );
}

/** What was found, by the plan that fits the values. */
interface Reading {
  readonly plan: ComparisonPlan;
  readonly result: ComparisonResult;
  readonly findings: readonly Finding[];
}

async function readAndSum(plan: ComparisonPlan, { pool, engine, onProgress, onPartial }: CompareOptions): Promise<Reading> {
  const second = new SecondLook(plan);
  const sums = new ComparisonSums(plan, second.isDoubtful);
  const partial = new PartialReports(plan, engine, onPartial);
  partial.offer(sums);
  let doneBytes = 0;
  let totalBytes = plan.readByteLength;
  const read = async (tasks: Iterable<PlannedTask>): Promise<ComparisonResult> => {
    for await (const { item, result } of inOrder(tasks, ({ task }) => pool.run(task), pool.size * tasksPerWorker)) {
      for (const [i, place] of item.places.entries()) sums.add(place, unpackStatistics(result.statistics, i), result.sameBytes[i] === 1);
      doneBytes += bytesOf(item);
      onProgress?.(doneBytes, totalBytes, item.task.pairs.at(-1)!.a.tensor);
      partial.offer(sums);
    }
    return sums.finish();
  };
  const byValue = pairsByValue(plan);
  for await (const { item, result } of inOrder(planProducts(plan), ({ task }) => pool.run(task), pool.size * tasksPerWorker)) {
    if (result.isFinite) sums.addProducts(item.pair, result, item.count);
    else byValue.add(item.pair);
    doneBytes += productsLength(item.task.pair);
    onProgress?.(doneBytes, totalBytes, item.name);
  }
  const first = await read(planTasks(plan, byValue));
  const again = second.pairs;
  if (again.size === 0) return { plan, result: first, findings: [] };
  const replanned = second.replan();
  for (const pair of again) totalBytes += readLength(replanned.plan.pairs[pair]!.treatment);
  return { ...replanned, result: await read(planTasks(replanned.plan, again)) };
}

function bytesOf({ task }: PlannedTask): number {
  return task.pairs.reduce((sum, { a, b }) => sum + a.byteLength + (b?.byteLength ?? 0), 0);
}
