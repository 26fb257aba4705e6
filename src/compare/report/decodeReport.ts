import type { Dtype, Finding } from '../../checkpoint/index.js';
import {
  count,
  finite,
  listOf,
  matching,
  number,
  object,
  oneOf,
  optional,
  orAbsent,
  orNull,
  pairOf,
  text,
  where,
  type Decoder,
  type Fields,
} from '../../base/json/decode.js';
import {
  tensorStatuses,
  type CodeCounts,
  type CompanionDifference,
  type CompanionDifferences,
  type Coverage,
  type DiffReport,
  type GroupDiff,
  type LayerDiff,
  type MapRule,
  type MaybeStatistics,
  type ModuleDiff,
  type PrefixRule,
  type ReportEngine,
  type ReportSide,
  type StatusCounts,
  type TensorDiff,
} from './report.js';
import type { DeltaHistogram } from './statistics.js';

/** Dtypes that a later version knows are listed as well. */
const dtype = matching<Dtype>(/^[A-Z][A-Z0-9_]{0,19}$/, 'a dtype');
const shape = listOf(count);
const plainName = matching(/^(?!\.\.?$)[^/\\]+$/, 'a plain file name');

export const decodeFinding = object<Finding>({
  severity: oneOf(['error', 'warning', 'info']),
  code: text,
  message: text,
  tensor: optional(text),
  file: optional(text),
});

/** Exponents that a difference of float32 values can have, with those for what lies beyond. */
const [leastExponent, largestExponent] = [-127, 128];

const histogram = where(
  object<DeltaHistogram>({ zero: count, firstExponent: finite, negative: listOf(count), positive: listOf(count) }),
  ({ firstExponent, negative, positive }) =>
    Number.isInteger(firstExponent) &&
    firstExponent >= leastExponent &&
    firstExponent + positive.length - 1 <= largestExponent &&
    negative.length === positive.length,
  'a histogram with as many bins of negative as of positive differences',
);

const statistics: Fields<MaybeStatistics> = {
  comparedCount: orNull(count),
  normA: orNull(number),
  normB: orNull(number),
  normDelta: orNull(number),
  relativeChange: orNull(number),
  cosine: orNull(number),
  maxAbsDelta: orNull(number),
  maxAbsDeltaIndex: orNull(count),
  meanDelta: orNull(number),
  changedCount: orNull(count),
  signFlips: orNull(count),
  nonFiniteA: orNull(count),
  nonFiniteB: orNull(count),
  histogram: orNull(histogram),
};

/** A status that came after the file was saved is that of no tensor in it. */
const statuses = object<StatusCounts>(
  Object.fromEntries(tensorStatuses.map((status) => [status, orAbsent(count, 0)])) as Fields<StatusCounts>,
);

const coverage = object<Coverage>({ compared: count, parameters: count, uncountedWeights: count });
/** What earlier versions did not record is absent. */
const group: Fields<GroupDiff> = { ...statistics, coverage: orAbsent(orNull(coverage), null), tensorCount: count, statuses };
const decodeModule = object<ModuleDiff>({ ...group, module: text });
const layer = object<LayerDiff>({ ...group, key: text, label: text, modules: listOf(decodeModule) });

const tensor = object<TensorDiff>({
  ...statistics,
  name: text,
  nameB: orNull(text),
  matchedBy: orAbsent(orNull(text), null),
  kind: orAbsent(oneOf(['parameter', 'buffer']), 'parameter'),
  schemeA: orAbsent(orNull(text), null),
  schemeB: orAbsent(orNull(text), null),
  codes: orAbsent(orNull(object<CodeCounts>({ compared: count, changed: count })), null),
  status: oneOf(tensorStatuses),
  layer: text,
  module: text,
  dtypeA: orNull(dtype),
  dtypeB: orNull(dtype),
  shapeA: orNull(shape),
  shapeB: orNull(shape),
});

const side = object<ReportSide>({
  path: text,
  name: text,
  modelType: orNull(text),
  architecture: orNull(text),
  tensorCount: count,
  parameterCount: count,
  scheme: orAbsent(orNull(text), null),
  adapter: orAbsent(orNull(text), null),
  byteLength: count,
  dtypes: listOf(pairOf(text, count)),
  findings: listOf(decodeFinding),
  textFiles: listOf(plainName),
});

const differences = listOf(object<CompanionDifference>({ name: text, a: orNull(text), b: orNull(text) }));
const companions = object<CompanionDifferences>({
  settings: differences,
  adapter: differences,
  making: orAbsent(differences, []),
  metadata: differences,
  files: differences,
});

/** Cells of a heat map: layers that have modules, by kinds of modules. */
const mostCells = 2 ** 22;

function isDrawable(layers: readonly LayerDiff[]): boolean {
  const kinds = new Set(layers.flatMap(({ modules }) => modules.map(({ module }) => module)));
  return layers.length * kinds.size <= mostCells;
}

/** A report of version 1, of this program or an earlier one. @throws DecodeError */
export const decodeReport: Decoder<DiffReport> = object<DiffReport>({
  format: oneOf(['model-rebase.diff']),
  version: oneOf([1]),
  createdAt: text,
  a: side,
  b: side,
  engine: object<ReportEngine>({ name: oneOf(['simd', 'gpu', 'none']), detail: text, reason: text }),
  prefixMap: listOf(object<PrefixRule>({ from: text, to: text })),
  nameMap: orAbsent(listOf(object<MapRule>({ pattern: text, replacement: text })), []),
  seconds: number,
  summary: object<GroupDiff>(group),
  layers: where(listOf(layer), isDrawable, `layers and kinds of modules for at most ${mostCells} cells`),
  modules: listOf(decodeModule),
  tensors: listOf(tensor),
  companions: orAbsent(orNull(companions), null),
  findings: listOf(decodeFinding),
});
