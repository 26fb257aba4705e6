/** Reports made by hand, for what is written from them. */
import {
  noStatistics,
  tensorStatuses,
  type DiffReport,
  type GroupDiff,
  type MaybeStatistics,
  type ReportSide,
  type StatusCounts,
  type TensorDiff,
} from '../../../../src/compare/index.js';

export { noStatistics };

export const someStatistics: MaybeStatistics = {
  comparedCount: 4,
  normA: 0,
  normB: 2,
  normDelta: 2,
  relativeChange: Infinity,
  cosine: NaN,
  maxAbsDelta: Infinity,
  maxAbsDeltaIndex: 3,
  meanDelta: -Infinity,
  changedCount: 1,
  signFlips: 0,
  nonFiniteA: 0,
  nonFiniteB: 2,
  histogram: { zero: 3, firstExponent: 1, negative: [0], positive: [1] },
};

export function tensorDiff(name: string, parts: Partial<TensorDiff> = {}): TensorDiff {
  return {
    name,
    nameB: null,
    matchedBy: 'equal name',
    kind: 'parameter',
    schemeA: null,
    schemeB: null,
    codes: null,
    status: 'changed',
    layer: '',
    module: name,
    dtypeA: 'F32',
    dtypeB: 'F32',
    shapeA: [2, 2],
    shapeB: [2, 2],
    ...someStatistics,
    ...parts,
  };
}

export function reportOf(tensors: readonly TensorDiff[], parts: Partial<DiffReport> = {}): DiffReport {
  const summary = groupOf(tensors);
  return {
    format: 'model-rebase.diff',
    version: 1,
    createdAt: '2026-01-02T03:04:05.678Z',
    a: sideNamed('old'),
    b: sideNamed('new'),
    engine: { name: 'simd', detail: 'WebAssembly SIMD', reason: 'test' },
    nameMap: [],
    prefixMap: [{ from: 'x.', to: '' }],
    seconds: 1.5,
    summary,
    layers: [{ ...summary, key: '', label: 'outside layers', modules: [{ ...summary, module: 'm' }] }],
    modules: [{ ...summary, module: 'm' }],
    tensors,
    companions: { settings: [], adapter: [], making: [], metadata: [], files: [] },
    findings: [],
    ...parts,
  };
}

export function sideNamed(name: string): ReportSide {
  return {
    path: `/models/${name}`,
    name,
    modelType: 'llama',
    architecture: 'LlamaForCausalLM',
    tensorCount: 1,
    parameterCount: 1_369_728,
    scheme: null,
    adapter: null,
    byteLength: 2_739_456,
    dtypes: [['BF16', 1]],
    findings: [],
    textFiles: [],
  };
}

function groupOf(tensors: readonly TensorDiff[]): GroupDiff {
  const statuses = Object.fromEntries(
    tensorStatuses.map((status) => [status, tensors.filter((tensor) => tensor.status === status).length]),
  ) as StatusCounts;
  return { coverage: { compared: 4, parameters: 4, uncountedWeights: 0 }, tensorCount: tensors.length, statuses, ...someStatistics };
}
