import { plural } from '../../base/format.js';
import { shortList } from '../../base/nameList.js';
import type { Finding } from '../../checkpoint/index.js';
import type { TokenAlignment } from '../../model/vocabulary/index.js';
import type { MatchedInput } from './matchSources.js';
import type { TokenMatching } from './matchTokens.js';
import type { Roles } from './roles.js';
import type { RowState } from './unnamedRows.js';

/** Rows that no file names: which of them are carried, and which are not although they may be trained. */
export function unnamedFindings(
  { alignment, unnamed }: TokenMatching,
  roles: Roles,
  matched: readonly MatchedInput[],
  rowCounts: readonly number[],
): Finding[] {
  return unnamed.flatMap(({ input, states }): Finding[] => {
    const { role } = matched[input]!.input;
    const rows = [...states].filter(([, state]) => state !== 'untouched' && state !== 'uniform').map(([row]) => row);
    if (rows.length === 0) return [];
    const isCarried = carriesRows(alignment, roles, rows);
    const what = `${plural(rows.length, 'row')} of ${role} (${rowList(rows)}) ${rows.length === 1 ? 'stands' : 'stand'} for no token that a file names`;
    if (isCarried)
      return [
        {
          severity: 'info',
          code: 'rows-without-token',
          message: `${what} and ${rows.length === 1 ? 'differs' : 'differ'} from the base's. All versions have the same tokens in the same rows, so these are carried by their index.`,
        },
      ];
    const filled = fillsUp(rows, rowCounts[input]!, states);
    const guess =
      filled === null
        ? 'They may be trained'
        : `They fill the table up to a multiple of ${filled}, so they may be padding, but their values do not show it`;
    const message = `${what}, and the versions do not have the same tokens in the same rows, so that nothing says which rows of the output they belong to. ${guess}: what was learned in them is lost. Name their tokens in added_tokens.json of ${role}, or match rows by index.`;
    return [{ severity: 'warning', code: 'rows-lost', message }];
  });
}

/** Every row has its place in the result by its index, unless a token stands there. */
function carriesRows({ hasSameIds, request, added }: TokenAlignment, { template }: Roles, rows: readonly number[]): boolean {
  const { vocabulary } = request.inputs[template]!;
  const taken = new Set(added.map(({ id }) => id));
  return hasSameIds && rows.every((row) => vocabulary.tokenOf(row) === null && !taken.has(row));
}

/** The power of two, at least 8, up to whose multiple rows at the end of a table that are new fill it; null where they do not. */
function fillsUp(rows: readonly number[], rowCount: number, states: ReadonlyMap<number, RowState>): number | null {
  const areLast = rows.every((row) => row >= rowCount - rows.length && states.get(row) === 'new');
  const multiple = [8, 16, 32, 64, 128, 256, 512].find((size) => rowCount % size === 0 && rows.length < size);
  return areLast && multiple !== undefined ? multiple : null;
}

/** `3, 7 to 9 and 12 more`. */
function rowList(rows: readonly number[]): string {
  const sorted = [...rows].sort((one, other) => one - other);
  const runs: [number, number][] = [];
  for (const row of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === row - 1) last[1] = row;
    else runs.push([row, row]);
  }
  return shortList(runs.map(([first, last]) => (first === last ? String(first) : `${first} to ${last}`)));
}
