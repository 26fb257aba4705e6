import { tickText } from '../../chart/axis.js';
import type { ScoreTable, TableCell } from '../../chart/scoreTable.js';
import { maxOf, minOf } from '../../../base/extremes.js';

/** From here on a number is written with a power of ten. */
const largest = 1e7;
const mostDecimals = 6;
/** Of numbers from 1000 on, more decimals are only noise. */
const decimalsOfLarge = 2;

/** Decimals that show all values with two digits; null where no number of them does. */
function commonDecimals(sizes: readonly number[]): number | null {
  const [low, high] = [minOf(sizes.filter((size) => size > 0)), maxOf(sizes)];
  const needed = Math.max(decimalsOfLarge, 1 - Math.floor(Math.log10(low)));
  const most = high >= 1000 ? decimalsOfLarge : mostDecimals;
  return high < largest && needed <= most ? needed : null;
}

function powerText(value: number): string {
  return `${value < 0 ? '−' : ''}${Math.abs(value).toExponential(2)}`;
}

/** The cells of a column in one format: where some had a power of ten, all get decimals, or else all a power of ten. */
export function alike(cells: readonly TableCell[]): TableCell[] {
  const isNumber = ({ key }: TableCell): boolean => typeof key === 'number' && Number.isFinite(key);
  const numbers = cells.filter(isNumber);
  if (!numbers.some(({ text }) => /\de[+-]/.test(text))) return [...cells];
  const decimals = commonDecimals(numbers.map(({ key }) => Math.abs(Number(key))));
  return cells.map((cell) => {
    if (!isNumber(cell)) return cell;
    const value = Number(cell.key);
    return { ...cell, text: decimals === null ? powerText(value) : tickText(value, decimals) };
  });
}

/** The table with one format in each column of numbers. */
export function withAlikeColumns<Place>({ columns, rows }: ScoreTable<Place>): ScoreTable<Place> {
  const byColumn = columns.map(({ numeric }, column) => {
    const cells = rows.map((row) => row.cells[column] ?? { text: '', key: '' });
    return numeric ? alike(cells) : cells;
  });
  return { columns, rows: rows.map((row, index) => ({ ...row, cells: byColumn.flatMap((cells) => cells[index] ?? []) })) };
}
