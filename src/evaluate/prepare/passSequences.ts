import type { PreparedTask, TokenSequence } from '../tasks/index.js';
import type { PreparedGroup } from './prepareGroup.js';
import type { PlannedPass } from './splitPasses.js';
import type { WorkUnit } from './workUnits.js';

/** The sequences of a pass, unit by unit. */
export function passSequences({ tasks }: Pick<PreparedGroup, 'tasks'>, { units }: PlannedPass): TokenSequence[] {
  return units.flatMap((unit) => unitSequences(tasks, unit));
}

export function unitSequences(tasks: readonly PreparedTask[], { task, first, count }: WorkUnit): readonly TokenSequence[] {
  return tasks[task]!.sequences.slice(first, first + count);
}
