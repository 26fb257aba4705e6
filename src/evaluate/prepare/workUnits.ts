import type { PreparedTask, TokenSequence } from '../tasks/index.js';

/** Consecutive sequences of one task: what is scored, stored and never done twice. */
export interface WorkUnit {
  /** Index into the group's tasks. */
  readonly task: number;
  readonly first: number;
  readonly count: number;
  readonly tokenCount: number;
}

/** A unit ends before it has more tokens than this: what a stored result covers. */
const unitTokens = 8192;

/** Cuts every task into units, independent of any memory budget: stored results stay valid when it changes. */
export function workUnits(tasks: readonly PreparedTask[]): WorkUnit[] {
  return tasks.flatMap(({ sequences }, task) => {
    const units: WorkUnit[] = [];
    for (const [index, { tokens }] of sequences.entries()) {
      const last = units.at(-1);
      if (last && last.tokenCount + tokens.length <= unitTokens)
        units[units.length - 1] = { ...last, count: last.count + 1, tokenCount: last.tokenCount + tokens.length };
      else units.push({ task, first: index, count: 1, tokenCount: tokens.length });
    }
    return units;
  });
}

export function unitSequences(tasks: readonly PreparedTask[], { task, first, count }: WorkUnit): readonly TokenSequence[] {
  return tasks[task]!.sequences.slice(first, first + count);
}
