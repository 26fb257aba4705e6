import { conclusionsOf, tablesOf, type ConnectivityRun, type Table } from '../connectivity/index.js';
import { leadingValue } from '../evaluate/report/index.js';
import type { Io } from './io.js';
import { textTable, type Column } from './textTable.js';
import { formatSeconds } from '../base/format.js';
import { visibleText } from '../base/visibleText.js';
import { maxOf, minOf } from '../base/extremes.js';

const barLength = 24;
/** A narrower terminal gets the numbers alone. */
const narrowestWithBars = 72;

/** A run for a terminal: a table per task, of lines with a bar per point, then what it says. */
export function describeRun(run: ConnectivityRun, io: Io): string {
  return [
    `${visibleText(run.title)}\n`,
    ...tablesOf(run).map((table, task) => describeTable(run, table, task, io)),
    '\n',
    ...conclusionsOf(run).map((sentence) => `${visibleText(sentence)}\n`),
    `${formatSeconds(run.seconds)}\n`,
    ...run.findings.map(({ severity, message }) => `${severity}: ${visibleText(message)}\n`),
  ].join('');
}

function describeTable(run: ConnectivityRun, { task, columns, rows }: Table, index: number, io: Io): string {
  const bars = hasBars(run, io) ? barsOf(run, index) : null;
  const titles = columns.map((title, i): Column => ({ title, align: i === 0 && run.kind === 'matrix' ? 'left' : 'right' }));
  const withBars = bars === null ? titles : [...titles, { title: '', align: 'left' } satisfies Column];
  const lines = bars === null ? rows : rows.map((row, i) => [...row, bars[i] ?? '']);
  return `\n${visibleText(task.name)}\n${textTable(withBars, lines, io.columns)}`;
}

function hasBars({ kind }: ConnectivityRun, { columns }: Io): boolean {
  return kind === 'line' && (columns === null || columns >= narrowestWithBars);
}

/** A bar per point of a line, from the lowest number of the table's first column (one block) to the highest. */
function barsOf(run: ConnectivityRun, task: number): string[] {
  if (run.kind !== 'line') return [];
  const values = run.points.map(({ scores }) => leadingValue(scores[task]!));
  const finite = values.filter(Number.isFinite);
  const [low, high] = [minOf(finite), maxOf(finite)];
  const share = (value: number): number => (high > low ? (value - low) / (high - low) : 0);
  return values.map((value) => (Number.isFinite(value) ? '█'.repeat(1 + Math.round(share(value) * (barLength - 1))) : '?'));
}
