import {
  type LineageRounds,
  modelNames,
  type ModelRole,
  type RoundRow,
  type RoundScore,
  type RoundsReport,
} from '../../../recycle/report/index.js';
import type { CurvePoint } from '../connectivity/series.js';

/** A point over a release; `at` is the release's place among those shown. */
export interface RoundPoint extends CurvePoint {
  readonly release: string;
}

/** Points over releases, joined by lines. `run` gives colour and marker. */
export interface RoundsSeries {
  /** Place of its lineage in the report. */
  readonly lineage: number;
  readonly role: ModelRole;
  readonly run: number;
  readonly name: string;
  readonly points: readonly RoundPoint[];
}

/** What a picture of rounds shows. */
export interface RoundsChart {
  readonly releases: readonly string[];
  readonly series: readonly RoundsSeries[];
  /** What the values are, with their unit. */
  readonly quantity: string;
  /** Values that stay in view, so that small differences look small. */
  readonly inView: readonly number[];
  /** Values cannot lie beyond these, so the axis does not either. */
  readonly limits: readonly [number, number];
}

/** Models in the order in which they matter. */
const shownRoles: readonly ModelRole[] = ['finetuned', 'start', 'base', 'plain'];

const quantities: Readonly<Record<RoundScore['kind'], string>> = {
  loss: 'Loss, nats per token',
  choice: 'Accuracy',
  outside: 'Result of the command',
};

/** Names of the releases of all lineages, each once, in the lineages' order. */
export function releasesOf({ lineages }: RoundsReport): string[] {
  return [...new Set(lineages.flatMap(({ rounds }) => rounds.map(({ release }) => release)))];
}

/** Names of the tasks that models were scored on, without folders and endings. */
export function tasksOf({ lineages }: RoundsReport): string[] {
  return [...new Set(lineages.flatMap(({ rounds }) => rounds.flatMap(({ scores }) => scores.map(({ task }) => taskName(task)))))];
}

/** `french` of `../text/french.txt`. */
export function taskName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.(?:txt|jsonl)$/, '');
}

/** `llama` of `/models/llama.lineage.json`. */
export function lineageName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.lineage\.json$/, '');
}

/** What a lineage is called beside others: its strategy, and its name where the strategy does not tell them apart. */
export function labelOf(lineage: LineageRounds, { lineages }: RoundsReport): string {
  const isAlone = lineages.filter(({ strategy }) => strategy === lineage.strategy).length === 1;
  return isAlone ? lineage.strategy : `${lineageName(lineage.path)} (${lineage.strategy})`;
}

/** The score of a round's model on a task. */
export function scoreOf({ scores }: RoundRow, role: ModelRole, task: string): RoundScore | undefined {
  return scores.find((score) => score.model === role && taskName(score.task) === task);
}

function pointsOf(
  lineage: LineageRounds,
  releases: readonly string[],
  read: (round: RoundRow) => Omit<CurvePoint, 'at'> | null,
): RoundPoint[] {
  return lineage.rounds.flatMap((round) => {
    const found = read(round);
    return found === null ? [] : [{ ...found, at: releases.indexOf(round.release), release: round.release }];
  });
}

/** A model that computed no finite number has a score without a value. */
function readScore(score: RoundScore | undefined): Omit<CurvePoint, 'at'> | null {
  return score === undefined ? null : { value: score.value ?? NaN, standardError: score.standardError ?? NaN };
}

/** Bases are those of every lineage: curves that say the same are drawn once. */
function withoutRepeats(series: readonly Omit<RoundsSeries, 'run'>[]): RoundsSeries[] {
  const keyOf = ({ points }: Pick<RoundsSeries, 'points'>): string => JSON.stringify(points);
  const distinct = series.filter((one, index) => series.findIndex((other) => keyOf(other) === keyOf(one)) === index);
  return distinct.map((one, run) => ({ ...one, run }));
}

/** Scores on a task over the releases: a curve for each lineage's fine-tuned versions, starts, bases and plain fine-tunes. */
export function scoreChart(report: RoundsReport, task: string): RoundsChart {
  const releases = releasesOf(report);
  const found = report.lineages.flatMap((lineage, index) =>
    shownRoles.map((role) => ({
      lineage: index,
      role,
      name: report.lineages.length === 1 ? modelNames[role] : `${labelOf(lineage, report)}: ${modelNames[role]}`,
      points: pointsOf(lineage, releases, (round) => readScore(scoreOf(round, role, task))),
    })),
  );
  const kind = report.lineages
    .flatMap(({ rounds }) => rounds.flatMap(({ scores }) => scores))
    .find((score) => taskName(score.task) === task)?.kind;
  return {
    releases,
    series: withoutRepeats(found.filter(({ points }) => points.length > 0)),
    quantity: quantities[kind ?? 'loss'],
    inView: [],
    limits: [-Infinity, Infinity],
  };
}

const vectorQuantities = {
  norm: { quantity: '‖Δ‖', inView: [0], limits: [0, Infinity] },
  cosine: { quantity: 'cos(Δᵢ, Δᵢ₋₁)', inView: [0, 1], limits: [-1, 1] },
} as const;

/** ‖Δ‖ or the cosine of the diff vectors over the releases: a curve for each lineage, looking like its fine-tuned versions. */
export function vectorChart(report: RoundsReport, quantity: 'norm' | 'cosine', scores: RoundsChart): RoundsChart {
  const releases = releasesOf(report);
  const series = report.lineages.map((lineage, index) => ({
    lineage: index,
    role: 'finetuned' as const,
    run: scores.series.find((shown) => shown.lineage === index && shown.role === 'finetuned')?.run ?? index,
    name: labelOf(lineage, report),
    points: pointsOf(lineage, releases, ({ diffVector }) => {
      const value = diffVector?.[quantity] ?? null;
      return value === null ? null : { value, standardError: NaN };
    }),
  }));
  return { releases, series: series.filter(({ points }) => points.length > 0), ...vectorQuantities[quantity] };
}
