import { visibleText } from '../base/visibleText.js';
import { maxOf } from '../base/extremes.js';

/** One column of a text table. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** A column that may be cut in its middle when the terminal is narrow. At most one has it. */
  readonly flexible?: boolean;
}

const gap = '  ';
const narrowest = 12;
/** Latin, Greek and punctuation without combining marks: a code point is a character. The segmenter takes 14 ms to load. */
const simpleText = /^[\u0020-\u02ff\u0370-\u03ff\u2010-\u2027]*$/;
let graphemes: Intl.Segmenter | null = null;

/** Rows as aligned text. Widths count characters; `columns` is the terminal's width, null for no limit. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], terminalColumns: number | null): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(visibleText));
  const natural = columns.map((_, i) => maxOf(cells.map((row) => widthOf(row[i]!))));
  const widths = fit(columns, natural, terminalColumns);
  const line = (row: readonly string[]) =>
    columns
      .map((column, i) => pad(shorten(row[i]!, widths[i]!), widths[i]!, column.align))
      .join(gap)
      .trimEnd();
  return cells.map((row) => `${line(row)}\n`).join('');
}

function fit(columns: readonly Column[], natural: readonly number[], terminalColumns: number | null): number[] {
  const total = natural.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1);
  const excess = terminalColumns === null ? 0 : Math.max(0, total - terminalColumns);
  return natural.map((width, i) => (columns[i]!.flexible ? Math.max(Math.min(width, narrowest), width - excess) : width));
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}

/** Cuts the middle out: the ends of a tensor's name tell most. */
function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = charactersOf(text);
  const tail = Math.floor((width - 1) / 2);
  return [...characters.slice(0, width - 1 - tail), '…', ...characters.slice(characters.length - tail)].join('');
}

function widthOf(text: string): number {
  return simpleText.test(text) ? text.length : charactersOf(text).length;
}

/** What a reader takes for one character each. */
function charactersOf(text: string): string[] {
  if (simpleText.test(text)) return Array.from(text);
  graphemes ??= new Intl.Segmenter('en');
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}
