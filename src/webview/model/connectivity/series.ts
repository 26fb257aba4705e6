import {
  type Barrier,
  formatEstimate,
  type LinePoint,
  type LineRun,
  lossName,
  type NonFiniteTensor,
  type ReportTask,
  type SweepOptimum,
  type TaskScore,
} from '../../../connectivity/report/index.js';
import { chordValue, isHigherBetter, type Measure, measuresOf, readScore } from './measure.js';

/** What a curve needs to know of a point to draw it. */
export interface CurvePoint {
  readonly at: number;
  /** May be NaN or infinite. */
  readonly value: number;
  readonly standardError: number;
}

/** `at` is α or λ, the value in units of the measure. */
export interface SeriesPoint extends CurvePoint {
  readonly formula: string;
  readonly nonFinite: readonly NonFiniteTensor[];
}

export interface ChordPoint {
  readonly at: number;
  readonly value: number;
}

/** Where the curve stands farthest on the worse side of its chord, in units of the measure. */
export interface BarrierMark {
  readonly at: number;
  readonly chord: number;
  readonly curve: number;
  /** The barrier's height with its standard error and unit: in units of the verdict, whatever the measure is. */
  readonly label: string;
}

/** The curve of one run on one task, seen through one measure. */
export interface Series {
  /** 0 is the panel's own run, the others are laid over it. Colour and marker go by it. */
  readonly run: number;
  readonly name: string;
  readonly symbol: 'α' | 'λ';
  readonly points: readonly SeriesPoint[];
  /** Empty for a sweep, and while an end is missing. */
  readonly chord: readonly ChordPoint[];
  readonly barrier: BarrierMark | null;
  readonly optimum: SweepOptimum | null;
  readonly complete: boolean;
}

/** Straight pieces of a chord that a measure bends. */
const chordPieces = 24;

/** α of a path between two models, λ of a transfer. */
export function symbolOf({ path }: LineRun): 'α' | 'λ' {
  return path.kind === 'sweep' ? 'λ' : 'α';
}

/** The number of the same task in a run: the same text in the same form, or at least one of the same name and kind; −1 for none. */
export function taskIn(run: LineRun, task: ReportTask): number {
  const same = run.tasks.findIndex(({ hash }) => hash === task.hash);
  return same >= 0 ? same : run.tasks.findIndex(({ name, kind }) => name === task.name && kind === task.kind);
}

function toSeriesPoint({ at, formula, scores, nonFinite }: LinePoint, task: number, measure: Measure): SeriesPoint {
  return { at, formula, nonFinite, ...readScore(scores[task], measure) };
}

function chordOf(points: readonly SeriesPoint[], measure: Measure): ChordPoint[] {
  const start = points.find(({ at }) => at === 0)?.value;
  const end = points.find(({ at }) => at === 1)?.value;
  if (start === undefined || end === undefined || !Number.isFinite(start) || !Number.isFinite(end)) return [];
  const pieces = measure === 'perplexity' ? chordPieces : 1;
  return Array.from({ length: pieces + 1 }, (_, index) => ({ at: index / pieces, value: chordValue(measure, start, end, index / pieces) }));
}

/**
 * `rise 0.420 ± 0.012 nats per token`: always of what the verdict is about, so that beside another measure it says of what.
 * Where higher is better, and of accuracies, whose error rate the verdict is about, it is a drop.
 */
function markLabel({ height, standardError }: Barrier, { kind }: Pick<ReportTask, 'kind'>, measure: Measure, score: TaskScore): string {
  const change = isHigherBetter(score) ? 'drop' : 'rise';
  const isOther = measure !== measuresOf(kind)[0];
  const whole = kind === 'loss' ? ' of loss' : ` of ${kind === 'choice' ? 'accuracy' : 'value'}`;
  return `${change} ${formatEstimate(height, standardError)}${lossName({ kind }).unit}${isOther ? whole : ''}`;
}

/** Only a curve that gets worse than its chord has something to mark. */
function markOf(
  line: LineRun,
  task: number,
  points: readonly SeriesPoint[],
  chord: readonly ChordPoint[],
  measure: Measure,
): BarrierMark | null {
  const [barrier, about] = [line.barriers[task], line.tasks[task]];
  const index = points.findIndex(({ at }) => at === barrier?.alpha);
  const [curve, score] = [points[index]?.value ?? NaN, line.points[index]?.scores[task]];
  const [start, end] = [chord[0], chord.at(-1)];
  if (!barrier || !about || !score || !start || !end || !Number.isFinite(curve) || !(barrier.height > 0)) return null;
  const foot = chordValue(measure, start.value, end.value, barrier.alpha);
  return { at: barrier.alpha, chord: foot, curve, label: markLabel(barrier, about, measure, score) };
}

/** The curve of a run on one of its tasks. */
export function makeSeries(line: LineRun, task: number, measure: Measure, run: number): Series {
  const points = line.points.map((point) => toSeriesPoint(point, task, measure));
  const chord = line.path.kind === 'sweep' ? [] : chordOf(points, measure);
  return {
    run,
    name: line.title,
    symbol: symbolOf(line),
    points,
    chord,
    barrier: markOf(line, task, points, chord, measure),
    optimum: line.optima[task] ?? null,
    complete: line.complete,
  };
}

/** The curves of all runs that know a task, the panel's own first. */
export function seriesOf(own: LineRun, overlays: readonly LineRun[], task: number, measure: Measure): Series[] {
  const shown = own.tasks[task];
  const laidOver = overlays.flatMap((run, index) => {
    const number = shown ? taskIn(run, shown) : -1;
    return number < 0 ? [] : [makeSeries(run, number, measure, index + 1)];
  });
  return [makeSeries(own, task, measure, 0), ...laidOver];
}

/** What the horizontal axis is called, given all curves on it. */
export function axisSymbol(series: readonly Series[]): string {
  return [...new Set(series.map(({ symbol }) => symbol))].join(', ');
}
