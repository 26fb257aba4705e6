import { groupBy } from '../base/groupBy.js';
import { dataByteLength, type Dtype } from '../checkpoint/index.js';
import type { ComparisonResult } from './comparisonSums.js';
import { findingsOf } from './findings.js';
import type { ComparisonPlan, PlannedPair } from './planComparison.js';
import {
  noStatistics,
  tensorStatuses,
  type DeltaStatistics,
  type DiffReport,
  type EngineChoice,
  type GroupDiff,
  type LayerDiff,
  type MaybeStatistics,
  type ModuleDiff,
  type ReportEngine,
  type ReportSide,
  type StatusCounts,
  type TensorDiff,
  type TensorStatus,
} from './report/index.js';
import { StatisticsSum } from './statisticsSum.js';
import { textFilesBeside } from './textFiles.js';
import { inNaturalOrder } from '../base/naturalOrder.js';
import { layerLabel, type TensorName } from '../model/names/index.js';
import type { Model } from '../model/index.js';
import { countParameters } from '../model/parameters/index.js';

/** A compared or listed tensor and its place in the model. */
interface Entry {
  readonly diff: TensorDiff;
  readonly place: TensorName;
}

type Modules = ComparisonResult['modules'];

/** @returns the report of a comparison that has run. `seconds` is its duration. */
export function buildReport(
  plan: ComparisonPlan,
  { places, statistics, modules }: ComparisonResult,
  engine: EngineChoice,
  seconds: number,
): DiffReport {
  const entries = plan.pairs.map((planned, index) => entryOf(planned, places[index]!, statistics[index] ?? null, plan.sameFiles));
  const tensors = entries.map(({ diff }) => diff);
  return {
    format: 'model-rebase.diff',
    version: 1,
    createdAt: new Date().toISOString(),
    a: sideOf(plan.a),
    b: sideOf(plan.b),
    engine: plan.readByteLength === 0 ? unusedEngine(plan) : engine,
    prefixMap: plan.prefixMap,
    seconds,
    summary: groupOf(
      entries,
      [...modules.values()].flatMap((sums) => [...sums.values()]),
    ),
    layers: layersOf(entries, modules),
    modules: modulesOf(entries, (module) => [...modules.values()].flatMap((sums) => sums.get(module) ?? [])),
    tensors,
    findings: findingsOf(plan, tensors),
  };
}

function unusedEngine({ sameFiles }: ComparisonPlan): ReportEngine {
  const reason = sameFiles ? 'Both versions are the same bytes of the same files.' : 'There are no values that both versions have.';
  return { name: 'none', detail: 'no values read', reason };
}

function entryOf(
  { pair: { a, b }, treatment }: PlannedPair,
  place: TensorName,
  compared: DeltaStatistics | null,
  sameFiles: boolean,
): Entry {
  const name = (a ?? b).name;
  const known = sameFiles || treatment.kind === 'identical' ? unreadIdentical : noStatistics;
  const statistics = compared ?? known;
  const status = treatment.kind === 'compare' ? comparedStatus(treatment.a, treatment.b, statistics) : treatment.kind;
  const diff: TensorDiff = {
    name,
    nameB: a && b && b.name !== a.name ? b.name : null,
    status,
    layer: place.layer,
    module: place.module,
    dtypeA: a?.dtype ?? null,
    dtypeB: b?.dtype ?? null,
    shapeA: a?.shape ?? null,
    shapeB: b?.shape ?? null,
    ...statistics,
  };
  return { diff, place };
}

function comparedStatus(
  a: { dtype: Dtype; shape: readonly number[] },
  b: { dtype: Dtype; shape: readonly number[] },
  { changedCount }: MaybeStatistics,
): TensorStatus {
  if (a.shape[0] !== b.shape[0]) return b.shape[0]! > a.shape[0]! ? 'grown' : 'shrunk';
  if (a.dtype !== b.dtype) return 'retyped';
  return changedCount === 0 ? 'identical' : 'changed';
}

/** What is known without reading when both sides are the same bytes of one file. Norms are not. */
const unreadIdentical: MaybeStatistics = {
  ...noStatistics,
  normDelta: 0,
  relativeChange: 0,
  maxAbsDelta: 0,
  meanDelta: 0,
  changedCount: 0,
  signFlips: 0,
};

/** `sums` are those of the modules that the entries lie in. */
function groupOf(entries: readonly Entry[], sums: readonly StatisticsSum[]): GroupDiff {
  return { tensorCount: entries.length, statuses: countStatuses(entries), ...statisticsOf(entries, sums) };
}

function statisticsOf(entries: readonly Entry[], sums: readonly StatisticsSum[]): MaybeStatistics | DeltaStatistics {
  if (sums.length === 0) return entries.length > 0 && entries.every(({ diff }) => diff.changedCount === 0) ? unreadIdentical : noStatistics;
  const total = new StatisticsSum();
  for (const sum of sums) total.addSum(sum);
  return total.finish();
}

function countStatuses(entries: readonly Entry[]): StatusCounts {
  const counts = Object.fromEntries(tensorStatuses.map((status) => [status, 0])) as Record<TensorStatus, number>;
  for (const { diff } of entries) counts[diff.status]++;
  return counts;
}

/** Tensors outside layers first, then stack by stack, each in the order of its numbers. */
function layersOf(entries: readonly Entry[], modules: Modules): LayerDiff[] {
  const byLayer = groupBy(entries, ({ place }) => place.layer);
  return inNaturalOrder([...byLayer], ([key]) => key).map(([key, members]) =>
    layerOf(key, members, modules.get(key) ?? new Map<string, StatisticsSum>()),
  );
}

function layerOf(key: string, members: readonly Entry[], sums: ReadonlyMap<string, StatisticsSum>): LayerDiff {
  const modules = modulesOf(members, (module) => [sums.get(module) ?? []].flat());
  return { key, label: layerLabel(key), modules, ...groupOf(members, [...sums.values()]) };
}

function modulesOf(entries: readonly Entry[], sumsOf: (module: string) => readonly StatisticsSum[]): ModuleDiff[] {
  return [...groupBy(entries, ({ place }) => place.module)].map(([module, members]) => ({ module, ...groupOf(members, sumsOf(module)) }));
}

function sideOf(checkpoint: Model): ReportSide {
  return {
    path: checkpoint.path,
    name: checkpoint.name,
    modelType: checkpoint.config?.modelType ?? null,
    architecture: checkpoint.config?.architecture ?? null,
    tensorCount: checkpoint.tensors.length,
    parameterCount: countParameters(checkpoint.parameters).count,
    byteLength: dataByteLength(checkpoint),
    dtypes: dtypeCounts(checkpoint),
    findings: checkpoint.findings,
    textFiles: textFilesBeside(checkpoint),
  };
}

function dtypeCounts(checkpoint: Model): [Dtype, number][] {
  const groups = groupBy(checkpoint.tensors, ({ dtype }) => dtype);
  return [...groups].map(([, tensors]): [Dtype, number] => [tensors[0]!.dtype, tensors.length]).sort(([, x], [, y]) => y - x);
}
