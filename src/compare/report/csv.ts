import { visibleText } from '../../base/visibleText.js';
import type { DiffReport, TensorDiff } from './report.js';

type Column = readonly [title: string, valueOf: (tensor: TensorDiff) => string | number | null];

const columns: readonly Column[] = [
  ['name', ({ name }) => name],
  ['nameB', ({ nameB }) => nameB],
  ['status', ({ status }) => status],
  ['layer', ({ layer }) => layer],
  ['module', ({ module }) => module],
  ['dtypeA', ({ dtypeA }) => dtypeA],
  ['dtypeB', ({ dtypeB }) => dtypeB],
  ['shapeA', ({ shapeA }) => shapeA && shapeA.join('x')],
  ['shapeB', ({ shapeB }) => shapeB && shapeB.join('x')],
  ['normA', ({ normA }) => normA],
  ['normB', ({ normB }) => normB],
  ['normDelta', ({ normDelta }) => normDelta],
  ['relativeChange', ({ relativeChange }) => relativeChange],
  ['cosine', ({ cosine }) => cosine],
  ['maxAbsDelta', ({ maxAbsDelta }) => maxAbsDelta],
  ['maxAbsDeltaIndex', ({ maxAbsDeltaIndex }) => maxAbsDeltaIndex],
  ['meanDelta', ({ meanDelta }) => meanDelta],
  ['comparedCount', ({ comparedCount }) => comparedCount],
  ['changedCount', ({ changedCount }) => changedCount],
  ['signFlips', ({ signFlips }) => signFlips],
  ['nonFiniteA', ({ nonFiniteA }) => nonFiniteA],
  ['nonFiniteB', ({ nonFiniteB }) => nonFiniteB],
  ['kind', ({ kind }) => kind],
  ['schemeA', ({ schemeA }) => schemeA],
  ['schemeB', ({ schemeB }) => schemeB],
  ['codesCompared', ({ codes }) => codes && codes.compared],
  ['codesChanged', ({ codes }) => codes && codes.changed],
  ['matchedBy', ({ matchedBy }) => matchedBy],
];

/** One line per tensor (RFC 4180), full precision, empty where there is no value. Histograms are left to the JSON form. */
export function reportToCsv(report: DiffReport): string {
  const header = columns.map(([title]) => title);
  return [header, ...report.tensors.map((tensor) => columns.map(([, valueOf]) => valueOf(tensor)))].map(csvLine).join('');
}

/** One line of a table (RFC 4180) with its line end; empty fields where there is no value. */
export function csvLine(values: readonly (string | number | null)[]): string {
  return `${values.map(quote).join(',')}\r\n`;
}

/** Tensor names are strangers' input: invisible characters are escaped, and what a spreadsheet would take for a formula gets an apostrophe. */
function quote(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const visible = visibleText(value);
  const text = /^[=+\-@]/.test(visible) ? `'${visible}` : visible;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
