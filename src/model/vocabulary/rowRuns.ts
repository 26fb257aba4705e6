/**
 * Where the rows of an output tensor come from, as runs of rows. `sources` has an entry per input of the formula in
 * the order of `inputsOf`: the first row taken from that input, or null where it contributes zeros (padding).
 */
export interface RowRun {
  readonly count: number;
  readonly sources: readonly (number | null)[];
  /** True: exactly one source is present and its rows are taken as they are; no step and no scale applies to them. */
  readonly copied: boolean;
}

/** One row of an output tensor: the row of each input it comes from (null: zeros), and whether it is taken as it is. */
export interface RowSource {
  readonly sources: readonly (number | null)[];
  readonly copied: boolean;
}

/** A row with what it is, for counting and naming. */
export interface AlignedRow extends RowSource {
  readonly token: string | null;
  readonly kind: RowKind;
}

export const rowKinds = ['combined', 'kept', 'without-difference', 'added', 'unnamed', 'padding'] as const;
export type RowKind = (typeof rowKinds)[number];

export interface RowSummary {
  readonly runs: readonly RowRun[];
  readonly count: number;
  readonly counts: Readonly<Record<RowKind, number>>;
  /** Of each kind, the first tokens. */
  readonly tokens: Readonly<Record<RowKind, readonly string[]>>;
}

const mostTokens = 100;

/** Runs, counts and names of rows in one pass. */
export function summarizeRows(rows: Iterable<AlignedRow>): RowSummary {
  const counts = { combined: 0, kept: 0, 'without-difference': 0, added: 0, unnamed: 0, padding: 0 };
  const tokens: Record<RowKind, string[]> = { combined: [], kept: [], 'without-difference': [], added: [], unnamed: [], padding: [] };
  const runs = toRowRuns(tally(rows, counts, tokens));
  return { runs, count: rowKinds.reduce((sum, kind) => sum + counts[kind], 0), counts, tokens };
}

function* tally(rows: Iterable<AlignedRow>, counts: Record<RowKind, number>, tokens: Record<RowKind, string[]>): Generator<RowSource> {
  for (const row of rows) {
    counts[row.kind]++;
    if (row.token !== null && tokens[row.kind].length < mostTokens) tokens[row.kind].push(row.token);
    yield row;
  }
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
