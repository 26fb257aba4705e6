import {
  formatLoss,
  formatRecoveredEstimate,
  type MatrixRun,
  type NonFiniteTensor,
  type PointScores,
} from '../../../connectivity/report/index.js';
import type { CellPosition } from '../heatmap.js';
import { isHigherBetter, type Measure, measureFacts, type Reading, readScore } from './measure.js';
import { nonFiniteText, readingText } from './words.js';
import { maxOf } from '../../../base/extremes.js';

/** What a row of the transfer matrix shows for each target: its base, a merge with one source's Δ, its own fine-tune. */
export type MatrixRow = { readonly kind: 'base' | 'finetuned' } | { readonly kind: 'source'; readonly source: number };

export interface MatrixValue extends Reading {
  readonly formula: string;
  readonly nonFinite: readonly NonFiniteTensor[];
  /** By how much it is better than the base of its column, in units of the measure; negative where it is worse. */
  readonly gain: number;
  /** Share of the gain of the column's own fine-tune; null where that is unknown. */
  readonly recovered: number | null;
  /** Standard error of that share; null where it is unknown. */
  readonly recoveredError: number | null;
}

/** Sources × targets through one measure (Lin et al. 2025, Table 3), bases above and fine-tunes below. */
export interface MatrixModel {
  readonly rows: readonly MatrixRow[];
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  /** Row-major; null where nothing is scored: a source onto itself, a version without fine-tune, and what is still to come. */
  readonly values: readonly (MatrixValue | null)[];
  /** The largest gain or loss: both ends of the colour scale. 0 when nothing differs. */
  readonly largestGain: number;
}

function rowsOf({ versions }: MatrixRun): MatrixRow[] {
  const sources = versions.flatMap(({ finetuned }, source) => (finetuned === null ? [] : [{ kind: 'source', source } as const]));
  return [{ kind: 'base' }, ...sources, { kind: 'finetuned' }];
}

interface MatrixPoint extends Pick<MatrixValue, 'recovered' | 'recoveredError'> {
  readonly point: PointScores;
}

/** The points of a row, with the share of the gain that a merge recovers. */
function pointOf(run: MatrixRun, row: MatrixRow, target: number, task: number): MatrixPoint | null {
  if (row.kind === 'source') {
    const cell = run.cells.find((candidate) => candidate.source === row.source && candidate.target === target);
    return cell && row.source !== target
      ? { point: cell, recovered: cell.recovered[task] ?? null, recoveredError: cell.recoveredError[task] ?? null }
      : null;
  }
  const point = row.kind === 'base' ? run.bases[target] : run.finetunes[target];
  return point ? { point, recovered: null, recoveredError: null } : null;
}

function valueOf(run: MatrixRun, row: MatrixRow, target: number, task: number, measure: Measure): MatrixValue | null {
  const found = pointOf(run, row, target, task);
  const score = found?.point.scores[task];
  if (!found || !score) return null;
  const reading = readScore(score, measure);
  const base = readScore(run.bases[target]?.scores[task], measure).value;
  const gain = isHigherBetter(score) ? reading.value - base : base - reading.value;
  const { point, ...share } = found;
  return { ...reading, gain, ...share, formula: point.formula, nonFinite: point.nonFinite };
}

function labelOf({ versions }: MatrixRun, row: MatrixRow): string {
  if (row.kind === 'source') return `+ Δ ${versions[row.source]?.name ?? ''}`;
  return row.kind === 'base' ? 'Base' : 'Fine-tuned';
}

/** The matrix of one task through one measure. */
export function makeMatrix(run: MatrixRun, task: number, measure: Measure): MatrixModel {
  const rows = rowsOf(run);
  const values = rows.flatMap((row) => run.versions.map((_, target) => valueOf(run, row, target, task, measure)));
  const gains = values.map((value) => Math.abs(value?.gain ?? 0)).filter(Number.isFinite);
  return {
    rows,
    values,
    rowLabels: rows.map((row) => labelOf(run, row)),
    columnLabels: run.versions.map(({ name }) => name),
    largestGain: Math.max(0, maxOf(gains)),
  };
}

export function matrixValueAt({ values, columnLabels }: MatrixModel, { row, column }: CellPosition): MatrixValue | null {
  return values[row * columnLabels.length + column] ?? null;
}

/** `better by 0.31 nats per token`, `worse by 0.02`. */
export function gainText(gain: number, measure: Measure): string {
  if (gain === 0) return 'equal';
  return `${gain > 0 ? 'better' : 'worse'} by ${formatLoss(Math.abs(gain))}${measureFacts[measure].unit}`;
}

/** `M4 ← + Δ M3`: the target and what became of it. */
export function matrixTitle(model: MatrixModel, { row, column }: CellPosition): string {
  return `${model.columnLabels[column] ?? ''} · ${model.rowLabels[row] ?? ''}`;
}

/** What is known of a cell, as label and value. */
export function matrixFacts(value: MatrixValue, measure: Measure, isBase: boolean): (readonly [string, string])[] {
  const problem = nonFiniteText(value.nonFinite);
  return [
    [measureFacts[measure].label, readingText(value, measure)],
    ...(isBase || Number.isNaN(value.gain) ? [] : [['Against the base', gainText(value.gain, measure)] as const]),
    ...(value.recovered === null ? [] : [['Gain recovered', formatRecoveredEstimate(value.recovered, value.recoveredError)] as const]),
    ['Formula', value.formula],
    ...(problem === '' ? [] : [['Weights', problem] as const]),
  ];
}

/** One sentence for screen readers. */
export function describeMatrixCell(model: MatrixModel, measure: Measure, position: CellPosition): string {
  const value = matrixValueAt(model, position);
  const title = matrixTitle(model, position);
  if (value === null) return `${title}: not scored`;
  const facts = matrixFacts(value, measure, model.rows[position.row]?.kind === 'base');
  return `${title}: ${facts.map(([label, text]) => `${label.toLowerCase()} ${text}`).join(', ')}`;
}
