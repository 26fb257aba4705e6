import type { RowSource } from './rowRuns.js';
import { maxOf } from '../../base/extremes.js';

/**
 * Rows matched by index, as the paper's code does: base and target are padded with zero rows up to the fine-tuned
 * version, and the formula applies as written. Where a version that is added has fewer rows than the template, which
 * that code cannot handle, the rest are the template's.
 * @param added inputs that the formula adds, the template included
 */
export function* alignByIndex(rowCounts: readonly number[], template: number, added: readonly number[]): Generator<RowSource> {
  const count = maxOf(added.map((input) => rowCounts[input]!));
  for (let row = 0; row < count; row++) {
    const sources = rowCounts.map((rows) => (row < rows ? row : null));
    const isKept = row < rowCounts[template]! && added.some((input) => sources[input] === null);
    yield isKept
      ? { sources: sources.map((source, input) => (input === template ? source : null)), copied: true }
      : { sources, copied: false };
  }
}
