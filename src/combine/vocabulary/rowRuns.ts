import type { RowRun } from '../plan.js';

/** One row of an output tensor: the row of each input it comes from (null: zeros), and whether it is taken as it is. */
export interface RowSource {
  readonly sources: readonly (number | null)[];
  readonly copied: boolean;
}

/** Merges rows that follow each other in every input into runs. */
export function toRowRuns(rows: Iterable<RowSource>): RowRun[] {
  const runs: { count: number; sources: readonly (number | null)[]; copied: boolean }[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last !== undefined && continues(last, row)) last.count++;
    else runs.push({ count: 1, sources: row.sources, copied: row.copied });
  }
  return runs;
}

function continues(run: RowRun, row: RowSource): boolean {
  if (run.copied !== row.copied) return false;
  return run.sources.every((first, input) => (first === null ? row.sources[input] === null : row.sources[input] === first + run.count));
}

/** Whether the runs say no more than that rows correspond by index and all inputs have all of them. */
export function isPlain(runs: readonly RowRun[]): boolean {
  const [run] = runs;
  return runs.length === 0 || (runs.length === 1 && run !== undefined && !run.copied && run.sources.every((first) => first === 0));
}
