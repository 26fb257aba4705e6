import { formatLoss, type NonFiniteTensor, type TaskScore } from '../../connectivity/report/index.js';
import { formatNumber } from '../../base/format.js';
import { compareNaturally } from '../../base/naturalOrder.js';
import { type Measure, measureFacts, measuresOf, readScore } from '../model/connectivity/measure.js';
import { nonFiniteText } from '../model/connectivity/words.js';

/** A cell: what is shown, and what rows are sorted by. */
export interface TableCell {
  readonly text: string;
  readonly key: number | string;
}

export interface TableColumn {
  readonly id: string;
  readonly label: string;
  readonly meaning: string;
  readonly numeric: boolean;
  readonly width: number;
  readonly grow: number;
}

/** The table behind a picture. Every row has a cell for each column, and the place it stands for. */
export interface ScoreTable<Place> {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly { readonly cells: readonly TableCell[]; readonly place: Place }[];
}

export function numberColumn(id: string, label: string, meaning: string, width = 92): TableColumn {
  return { id, label, meaning, numeric: true, width, grow: 0 };
}

export function textColumn(id: string, label: string, meaning: string, width: number, grow: number): TableColumn {
  return { id, label, meaning, numeric: false, width, grow };
}

export const textCell = (text: string): TableCell => ({ text, key: text });
export const numberCell = (value: number, text: string): TableCell => ({ text, key: value });

/** Columns of all measures that scores of a kind have, each with its standard error. */
export function scoreColumns(kind: TaskScore['kind']): TableColumn[] {
  return measuresOf(kind).flatMap((measure) => {
    const { label, meaning } = measureFacts[measure];
    return [
      numberColumn(measure, label, meaning),
      numberColumn(`${measure}-error`, '± SE', `Standard error of ${label.toLowerCase()}`, 76),
    ];
  });
}

function cellsOf(score: TaskScore | undefined, measure: Measure): TableCell[] {
  const { value, standardError } = readScore(score, measure);
  const known = Number.isFinite(standardError);
  return [numberCell(value, formatLoss(value)), numberCell(standardError, known ? formatNumber(standardError) : '–')];
}

export function scoreCells(kind: TaskScore['kind'], score: TaskScore | undefined): TableCell[] {
  return measuresOf(kind).flatMap((measure) => cellsOf(score, measure));
}

/** Formula, and the tensors that are not finite: what every table ends with. */
export const lastColumns: readonly TableColumn[] = [
  textColumn('formula', 'Formula', 'The combination that was scored', 220, 1),
  textColumn('weights', 'Weights', 'Tensors of the combination that hold NaN or infinite values', 110, 0.6),
];

export function lastCells(formula: string, nonFinite: readonly NonFiniteTensor[]): TableCell[] {
  return [textCell(formula), textCell(nonFiniteText(nonFinite) || 'finite')];
}

function compareKeys(a: TableCell['key'], b: TableCell['key']): number {
  if (typeof a === 'string' || typeof b === 'string') return compareNaturally(String(a), String(b));
  return a - b;
}

/** Numbers of the rows in the order of a column; rows without a number come last either way. */
export function sortedRows<Place>(
  { columns, rows }: ScoreTable<Place>,
  sort: { readonly column: string; readonly descending: boolean } | null,
): number[] {
  const order = rows.map((_, index) => index);
  const column = columns.findIndex(({ id }) => id === sort?.column);
  if (column < 0) return order;
  const keyOf = (row: number): TableCell['key'] => rows[row]?.cells[column]?.key ?? NaN;
  const [known, unknown] = [order.filter((row) => !Number.isNaN(keyOf(row))), order.filter((row) => Number.isNaN(keyOf(row)))];
  const sign = sort?.descending ? -1 : 1;
  return [...known.sort((a, b) => sign * compareKeys(keyOf(a), keyOf(b)) || a - b), ...unknown];
}
