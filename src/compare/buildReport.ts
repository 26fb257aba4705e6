import { groupBy } from '../base/groupBy.js';
import { dataByteLength, listTensors, type Dtype } from '../checkpoint/index.js';
import { describeStorage, isStoredAlike, storedDtype, type Comparand } from './comparand.js';
import type { ComparisonResult, PairResult } from './comparisonSums.js';
import { findingsOf } from './findings.js';
import type { ComparisonPlan, PlannedPair, Treatment } from './planComparison.js';
import {
  noStatistics,
  productTolerance,
  tensorStatuses,
  type CompanionDifferences,
  type Coverage,
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
import { adapterTitle } from '../model/adapters/index.js';
import type { Model } from '../model/index.js';
import { countParameters } from '../model/parameters/index.js';

/** A compared or listed tensor and its place in the model. */
interface Entry {
  readonly diff: TensorDiff;
  readonly place: TensorName;
}

type Modules = ComparisonResult['modules'];

/**
 * @returns the report of a comparison that has run, or of what it has found so far
 * @param seconds its duration
 * @param isPending whether a pair was not compared yet
 */
export function buildReport(
  plan: ComparisonPlan,
  { pairs, modules }: ComparisonResult,
  companions: CompanionDifferences | null,
  engine: EngineChoice,
  seconds: number,
  isPending: (pair: number) => boolean = () => false,
): DiffReport {
  const entries = plan.pairs.map((planned, index) => entryOf(planned, pairs[index]!, plan.sameFiles, isPending(index)));
  const tensors = entries.map(({ diff }) => diff);
  return {
    format: 'model-rebase.diff',
    version: 1,
    createdAt: new Date().toISOString(),
    a: sideOf(plan.a),
    b: sideOf(plan.b),
    engine: plan.readByteLength === 0 ? unusedEngine(plan) : engine,
    prefixMap: plan.matching.correspondence.prefixMap,
    nameMap: plan.matching.nameMap,
    seconds,
    summary: groupOf(
      entries,
      [...modules.values()].flatMap((sums) => [...sums.values()]),
    ),
    layers: layersOf(entries, modules),
    modules: modulesOf(entries, (module) => [...modules.values()].flatMap((sums) => sums.get(module) ?? [])),
    tensors,
    companions,
    findings: findingsOf(plan, tensors),
  };
}

function unusedEngine({ sameFiles }: ComparisonPlan): ReportEngine {
  const reason = sameFiles ? 'Both versions are the same bytes of the same files.' : 'There are no values that both versions have.';
  return { name: 'none', detail: 'no values read', reason };
}

function entryOf({ pair: { a, b }, matchedBy, treatment }: PlannedPair, found: PairResult, sameFiles: boolean, isPending: boolean): Entry {
  const { place, codes } = found;
  const isCompared = treatment.kind === 'compare';
  const statistics = found.statistics ?? (isCompared && sameFiles ? unreadIdentical : noStatistics);
  const status = isPending
    ? 'unread'
    : a && b && isCompared
      ? comparedStatus(a, b, found, treatment.products !== null)
      : (treatment as Exclude<Treatment, { kind: 'compare' }>).kind;
  const diff: TensorDiff = {
    name: (a ?? b).name,
    nameB: a && b && b.name !== a.name ? b.name : null,
    matchedBy,
    kind: (a ?? b).kind,
    status,
    layer: place.layer,
    module: place.module,
    dtypeA: a && dtypeOf(a),
    dtypeB: b && dtypeOf(b),
    schemeA: a && schemeOf(a),
    schemeB: b && schemeOf(b),
    shapeA: a?.shape ?? null,
    shapeB: b?.shape ?? null,
    codes,
    ...statistics,
  };
  return { diff, place };
}

/** The dtype that values are stored as, or codes are packed in. */
function dtypeOf({ storage }: Comparand): Dtype | null {
  if (storage.kind === 'codes') return (storage.parts['codes'] ?? Object.values(storage.parts)[0])?.dtype ?? null;
  return storedDtype(storage);
}

function schemeOf(comparand: Comparand): string | null {
  const { storage } = comparand;
  return storage.kind !== 'codes' && storedDtype(storage) !== null ? null : describeStorage(comparand);
}

function comparedStatus(a: Comparand, b: Comparand, { sameBytes, statistics }: PairResult, byFactors: boolean): TensorStatus {
  const [rowsA, rowsB] = [a.shape?.[0], b.shape?.[0]];
  if (rowsA !== undefined && rowsB !== undefined && rowsA !== rowsB) return rowsB > rowsA ? 'grown' : 'shrunk';
  if (!isStoredAlike(a, b)) return 'retyped';
  if (sameBytes) return 'identical';
  return byFactors && isRounding(statistics) ? 'equal' : 'changed';
}

/** Whether a difference of norms, which is all that is known, is less than their error. */
function isRounding(statistics: MaybeStatistics | null): boolean {
  const { normA, normB, normDelta, maxAbsDelta } = statistics ?? noStatistics;
  return maxAbsDelta === null && normDelta !== null && normDelta <= productTolerance * Math.max(normA ?? 0, normB ?? 0);
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
  const parameters = entries.filter(({ diff }) => diff.kind === 'parameter');
  return {
    coverage: coverageOf(parameters),
    tensorCount: entries.length,
    statuses: countStatuses(entries),
    ...statisticsOf(parameters, sums),
  };
}

function coverageOf(parameters: readonly Entry[]): Coverage {
  let [compared, inA, inB, uncountedWeights] = [0, 0, 0, 0];
  for (const { diff } of parameters) {
    const [sizeA, sizeB] = [sizeOf(diff.shapeA), sizeOf(diff.shapeB)];
    inA += sizeA;
    inB += sizeB;
    if (isCovered(diff)) compared += Math.min(sizeA, sizeB);
    else if (diff.shapeA === null && diff.shapeB === null) uncountedWeights++;
  }
  return { compared, parameters: Math.max(inA, inB), uncountedWeights };
}

function sizeOf(shape: readonly number[] | null): number {
  return shape === null ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** Whether it is known by how much a parameter changed. */
function isCovered({ status, normDelta }: TensorDiff): boolean {
  return status === 'identical' || normDelta !== null;
}

function statisticsOf(parameters: readonly Entry[], sums: readonly StatisticsSum[]): MaybeStatistics {
  if (sums.length === 0) {
    const isUnchanged = parameters.length > 0 && parameters.every(({ diff }) => diff.changedCount === 0);
    return isUnchanged ? unreadIdentical : noStatistics;
  }
  const total = new StatisticsSum();
  for (const sum of sums) total.addSum(sum);
  return total.finishKnown();
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
    tensorCount: listTensors(checkpoint).length,
    parameterCount: countParameters(checkpoint.parameters).count,
    scheme: checkpoint.scheme?.name ?? null,
    adapter: checkpoint.adapter && adapterTitle(checkpoint.adapter),
    byteLength: dataByteLength(checkpoint),
    dtypes: dtypeCounts(checkpoint),
    findings: checkpoint.findings,
    textFiles: textFilesBeside(checkpoint),
  };
}

function dtypeCounts(checkpoint: Model): [string, number][] {
  const groups = groupBy(listTensors(checkpoint), ({ dtype }) => dtype);
  return [...groups].map(([dtype, tensors]): [string, number] => [dtype, tensors.length]).sort(([, x], [, y]) => y - x);
}
