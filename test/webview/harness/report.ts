/** Reports as the comparison makes them, built from invented but plausible statistics. */
import {
  type DeltaHistogram,
  type DiffReport,
  type GroupDiff,
  type LayerDiff,
  type MaybeStatistics,
  type ModuleDiff,
  type ReportSide,
  type TensorDiff,
  noStatistics,
  tensorStatuses,
} from '../../../src/compare/report/index.js';
import type { Random } from './random.js';

export { noStatistics };

function bell(size: number, peak: number, total: number, skew: number): number[] {
  const weights = Array.from({ length: size }, (_, bin) => Math.exp(-((bin - peak) ** 2) / 12));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => Math.round((weight / sum) * total * skew));
}

export function histogramOf(changed: number, zero: number, maxAbsDelta: number): DeltaHistogram {
  const last = Math.floor(Math.log2(Math.max(maxAbsDelta, 1e-30)));
  return { zero, firstExponent: last - 16, negative: bell(17, 10, changed, 0.49), positive: bell(17, 10, changed, 0.51) };
}

/** Statistics of a tensor of `count` weights whose relative change is `relativeChange`; without a histogram. */
export function plainStatistics(count: number, relativeChange: number, random: Random): MaybeStatistics {
  const normA = Math.sqrt(count) * 0.02;
  const normDelta = normA * relativeChange;
  const changedCount = Math.round(count * Math.min(0.97, 40 * relativeChange + 0.05));
  const maxAbsDelta = relativeChange * 0.02 * (6 + 4 * random.next());
  return {
    comparedCount: count,
    normA,
    normB: normA * (1 + relativeChange / 9),
    normDelta,
    relativeChange,
    cosine: 1 - relativeChange ** 2 / 2,
    maxAbsDelta,
    maxAbsDeltaIndex: Math.floor(count * random.next()),
    meanDelta: normDelta / Math.sqrt(count) / 400,
    changedCount,
    signFlips: Math.round(changedCount * relativeChange * 0.3),
    nonFiniteA: 0,
    nonFiniteB: 0,
    histogram: null,
  };
}

/** The same, with a histogram. */
export function statisticsOf(count: number, relativeChange: number, random: Random): MaybeStatistics {
  const statistics = plainStatistics(count, relativeChange, random);
  const changed = statistics.changedCount ?? 0;
  return { ...statistics, histogram: histogramOf(changed, count - changed, statistics.maxAbsDelta ?? 0) };
}

export const unchanged = (count: number): MaybeStatistics => ({
  ...noStatistics,
  comparedCount: count,
  normA: Math.sqrt(count) * 0.02,
  normB: Math.sqrt(count) * 0.02,
  normDelta: 0,
  relativeChange: 0,
  cosine: 1,
  maxAbsDelta: 0,
  meanDelta: 0,
  changedCount: 0,
  signFlips: 0,
  nonFiniteA: 0,
  nonFiniteB: 0,
  histogram: { zero: count, firstExponent: 0, negative: [], positive: [] },
});

const sum = (tensors: readonly TensorDiff[], value: (tensor: TensorDiff) => number | null): number =>
  tensors.reduce((total, tensor) => total + (value(tensor) ?? 0), 0);

const rootOfSquares = (tensors: readonly TensorDiff[], value: (tensor: TensorDiff) => number | null): number =>
  Math.sqrt(sum(tensors, (tensor) => (value(tensor) ?? 0) ** 2));

export function groupOf(tensors: readonly TensorDiff[]): GroupDiff {
  const statuses = Object.fromEntries(
    tensorStatuses.map((status) => [status, tensors.filter((tensor) => tensor.status === status).length]),
  );
  const coverage = { compared: 1, parameters: 1, uncountedWeights: 0 };
  const counts = { coverage, tensorCount: tensors.length, statuses: statuses as GroupDiff['statuses'] };
  const compared = tensors.filter(({ comparedCount }) => comparedCount !== null);
  if (compared.length === 0) return { ...noStatistics, ...counts };
  const normA = rootOfSquares(compared, (tensor) => tensor.normA);
  const normDelta = rootOfSquares(compared, (tensor) => tensor.normDelta);
  return {
    ...noStatistics,
    ...counts,
    comparedCount: sum(compared, (tensor) => tensor.comparedCount),
    normA,
    normB: rootOfSquares(compared, (tensor) => tensor.normB),
    normDelta,
    relativeChange: normDelta === 0 ? 0 : normDelta / normA,
    cosine: 1 - (normDelta / normA) ** 2 / 2,
    maxAbsDelta: compared.reduce((most, { maxAbsDelta }) => Math.max(most, maxAbsDelta ?? 0), 0),
    meanDelta: 0,
    changedCount: sum(compared, (tensor) => tensor.changedCount),
    signFlips: sum(compared, (tensor) => tensor.signFlips),
    nonFiniteA: sum(compared, (tensor) => tensor.nonFiniteA),
    nonFiniteB: sum(compared, (tensor) => tensor.nonFiniteB),
  };
}

function groupsBy(tensors: readonly TensorDiff[], key: 'layer' | 'module'): Map<string, TensorDiff[]> {
  const groups = new Map<string, TensorDiff[]>();
  for (const tensor of tensors) {
    const group = groups.get(tensor[key]);
    if (group) group.push(tensor);
    else groups.set(tensor[key], [tensor]);
  }
  return groups;
}

function modulesOf(tensors: readonly TensorDiff[]): ModuleDiff[] {
  return [...groupsBy(tensors, 'module')].map(([module, group]) => ({ module, ...groupOf(group) }));
}

function layersOf(tensors: readonly TensorDiff[]): LayerDiff[] {
  return [...groupsBy(tensors, 'layer')].map(([key, group]) => ({
    key,
    label: key === '' ? 'outside layers' : `layer ${key.split('.').at(-1) ?? ''}`,
    modules: modulesOf(group),
    ...groupOf(group),
  }));
}

export function sideOf(name: string, tensorCount: number, parameterCount: number, part: Partial<ReportSide> = {}): ReportSide {
  return {
    path: `/models/${name}`,
    name,
    modelType: 'llama',
    architecture: 'LlamaForCausalLM',
    tensorCount,
    parameterCount,
    scheme: null,
    adapter: null,
    byteLength: parameterCount * 2,
    dtypes: [['BF16', tensorCount]],
    findings: [],
    textFiles: ['config.json', 'generation_config.json', 'tokenizer_config.json'],
    ...part,
  };
}

export function reportOf(tensors: readonly TensorDiff[], part: Partial<DiffReport> = {}): DiffReport {
  const parameters = sum(tensors, ({ shapeA, shapeB }) => (shapeA ?? shapeB ?? []).reduce((product, size) => product * size, 1));
  return {
    format: 'model-rebase.diff',
    version: 1,
    createdAt: '2026-01-02T03:04:05.000Z',
    a: sideOf('base-1', tensors.length, parameters),
    b: sideOf('finetuned-1', tensors.length, parameters),
    engine: { name: 'simd', detail: 'WebAssembly SIMD, 2 workers', reason: 'Measured 9.8 GB/s; no GPU adapter was found.' },
    prefixMap: [],
    nameMap: [],
    seconds: 0.314,
    summary: groupOf(tensors),
    layers: layersOf(tensors),
    modules: modulesOf(tensors),
    tensors,
    companions: { settings: [], adapter: [], making: [], metadata: [], files: [] },
    findings: [],
    ...part,
  };
}
