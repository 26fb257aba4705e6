import { decodeFinding } from '../../compare/report/index.js';
import type { CandidateChoices } from '../../combine/index.js';
import {
  boolean,
  count,
  finite,
  listOf,
  number,
  object,
  oneOf,
  optional,
  orAbsent,
  orNull,
  text,
  variants,
  where,
  type Decoder,
  type Fields,
} from '../../base/json/decode.js';
import type {
  ChoiceScore,
  LossScore,
  OutsideScore,
  ReportInput,
  ReportTask,
  ScoringSettings,
  TaskScore,
} from '../../evaluate/report/index.js';
import {
  verdicts,
  type Barrier,
  type CapabilityCheck,
  type ConnectivityRun,
  type Geometry,
  type LinePath,
  type LinePoint,
  type LineRun,
  type MatrixCell,
  type MatrixRun,
  type MatrixVersion,
  type PlanePoint,
  type PlaneRun,
  type PointScores,
  type ReferenceScores,
  type SweepOptimum,
} from './run.js';

/** NaN where a model computed no finite number. */
const share = where(number, (value) => !(value < 0 || value > 1), 'a share from 0 to 1');
const notNegative = where(number, (value) => !(value < 0), 'a number from 0');

const loss = where(
  object<LossScore>({
    kind: oneOf(['loss']),
    loss: number,
    standardError: notNegative,
    perplexity: notNegative,
    bitsPerByte: number,
    tokenCount: count,
    byteCount: notNegative,
    itemNats: listOf(number),
    itemTokens: listOf(count),
  }),
  ({ itemNats, itemTokens }) => itemNats.length === itemTokens.length,
  'a loss with as many numbers of tokens as losses of windows',
);

const choice = where(
  object<ChoiceScore>({
    kind: oneOf(['choice']),
    accuracy: share,
    accuracyNormalised: share,
    standardError: notNegative,
    standardErrorNormalised: notNegative,
    itemCount: count,
    itemCorrect: listOf(number),
    itemCorrectNormalised: listOf(number),
  }),
  ({ itemCount, itemCorrect, itemCorrectNormalised }) => itemCorrect.length === itemCount && itemCorrectNormalised.length === itemCount,
  'an accuracy with an answer for each question',
);

const outside = object<OutsideScore>({ kind: oneOf(['outside']), value: number, higherIsBetter: boolean });
const taskScore = variants<'kind', TaskScore>('kind', { loss, choice, outside });

const task = object<ReportTask>({ name: text, path: text, kind: oneOf(['loss', 'choice', 'outside']), hash: text });

const settings = object<ScoringSettings>({
  window: orNull(count),
  stride: orNull(count),
  limit: orNull(count),
  precision: oneOf(['stored', 'f32']),
  // Before there was a choice, the checkpoint's files decided.
  bos: orAbsent(oneOf(['auto', 'always', 'never']), 'auto'),
});

const choices = object<CandidateChoices>({
  include: listOf(text),
  exclude: listOf(text),
  vocabulary: oneOf(['tokens', 'rows']),
  skipMismatched: boolean,
  prefixMap: orNull(listOf(object({ from: text, to: text }))),
  nameMap: optional(listOf(object({ pattern: text, replacement: text }))),
  trustNames: optional(boolean),
  // Before there was a choice, the settings of the first model held throughout.
  settings: orAbsent(oneOf(['merged', 'finetuned', 'target']), 'target'),
});

type Facts = Omit<PlaneRun, 'kind' | 'a' | 'b' | 'c' | 'points'>;

const facts: Fields<Facts> = {
  format: oneOf(['model-rebase.connectivity']),
  version: oneOf([1]),
  toolVersion: orAbsent(text, ''),
  createdAt: text,
  title: text,
  inputs: listOf(object<ReportInput>({ role: text, path: text, name: text, identity: text })),
  tasks: listOf(task),
  settings,
  choices,
  findings: listOf(decodeFinding),
  seconds: number,
  complete: boolean,
};

const path = variants<'kind', LinePath>('kind', {
  interpolate: object({ kind: oneOf(['interpolate']), a: text, b: text }),
  transferred: object({ kind: oneOf(['transferred']), finetuned: text, base: text, target: text }),
  sweep: object({ kind: oneOf(['sweep']), finetuned: text, base: text, target: text }),
});

const barrier = object<Barrier>({
  verdict: oneOf(verdicts),
  height: number,
  standardError: number,
  alpha: number,
  tolerance: number,
  windowsNeeded: orNull(number),
  sentence: text,
});

const optimum = object<SweepOptimum>({
  at: number,
  loss: number,
  gainOverOne: number,
  gainOverOneError: number,
  gainOverTarget: number,
  gainOverTargetError: number,
  sentence: text,
});

const geometry = object<Geometry>({ targetMinusBase: orNull(number), diffVector: orNull(number), cosine: orNull(number) });

/** Scores on these tasks, of their kinds and in their order. */
function pointFields(tasks: readonly ReportTask[]): Fields<PointScores> {
  const scores = where(
    listOf(taskScore, tasks.length),
    (given) => given.every(({ kind }, index) => kind === tasks[index]!.kind),
    'scores of the kinds of the tasks',
  );
  return { formula: text, scores, nonFinite: listOf(object({ tensor: text, count })) };
}

/** What a panel can draw: far more than anybody scores. */
const [mostLinePoints, mostPerAxis, mostVersions] = [10_000, 100, 200];

function lineDecoder({ tasks, complete }: Facts): Decoder<LineRun> {
  const perTask = <T>(decode: Decoder<T>): Decoder<readonly (T | null)[]> => listOf(orNull(decode), tasks.length);
  const points = listOf(object<LinePoint>({ ...pointFields(tasks), at: finite }));
  return object<LineRun>({
    ...facts,
    kind: oneOf(['line']),
    path,
    points: where(
      points,
      (list) => (!complete || list.length >= 2) && list.length <= mostLinePoints && isAscending(list),
      `points in ascending order, at least two and at most ${mostLinePoints}`,
    ),
    references: listOf(object<ReferenceScores>({ ...pointFields(tasks), role: text })),
    barriers: perTask(barrier),
    optima: perTask(optimum),
    geometry: orNull(geometry),
    capability: listOf(
      object<CapabilityCheck>({
        task: indexBelow(tasks.length),
        sourceLoss: orNull(number),
        finetunedLoss: orNull(number),
        targetLoss: orNull(number),
        sentence: text,
      }),
    ),
  });
}

function isAscending(points: readonly LinePoint[]): boolean {
  return points.every(({ at }, index) => index === 0 || points[index - 1]!.at < at);
}

const versions = listOf(object<MatrixVersion>({ name: text, base: text, finetuned: orNull(text) }));

function matrixDecoder({ tasks }: Facts, { length }: readonly MatrixVersion[]): Decoder<MatrixRun> {
  const fields = pointFields(tasks);
  const point = object<PointScores>(fields);
  const shares = listOf(orNull(number), tasks.length);
  const recoveredError = orAbsent(
    shares,
    tasks.map(() => null),
  );
  return object<MatrixRun>({
    ...facts,
    kind: oneOf(['matrix']),
    versions: where(versions, (list) => list.length <= mostVersions, `at most ${mostVersions} versions`),
    bases: listOf(point, length),
    finetunes: listOf(orNull(point), length),
    cells: listOf(
      object<MatrixCell>({ ...fields, source: indexBelow(length), target: indexBelow(length), recovered: shares, recoveredError }),
    ),
  });
}

function indexBelow(length: number): Decoder<number> {
  return where(count, (index) => index < length, `a whole number below ${length}`);
}

function planeDecoder({ tasks }: Facts): Decoder<PlaneRun> {
  const point = object<PlanePoint>({ ...pointFields(tasks), x: finite, y: finite });
  const isGrid = (points: readonly PlanePoint[]): boolean =>
    [points.map(({ x }) => x), points.map(({ y }) => y)].every((places) => new Set(places).size <= mostPerAxis);
  const grid = `points at no more than ${mostPerAxis} values of x and of y`;
  return object<PlaneRun>({ ...facts, kind: oneOf(['plane']), a: text, b: text, c: text, points: where(listOf(point), isGrid, grid) });
}

const kindOf = object<Pick<ConnectivityRun, 'kind'>>({ kind: oneOf(['line', 'matrix', 'plane']) });

/** A run of version 1, of this program or an earlier one. @throws DecodeError */
export const decodeRun: Decoder<ConnectivityRun> = (value) => {
  const shared = object<Facts>(facts)(value);
  const { kind } = kindOf(value);
  switch (kind) {
    case 'line':
      return lineDecoder(shared)(value);
    case 'matrix':
      return matrixDecoder(shared, object<Pick<MatrixRun, 'versions'>>({ versions })(value).versions)(value);
    case 'plane':
      return planeDecoder(shared)(value);
    default:
      return kind satisfies never;
  }
};
