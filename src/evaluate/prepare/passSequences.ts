import type { TokenSequence } from '../tasks/index.js';
import type { PreparedGroup } from './prepareGroup.js';
import type { PlannedPass } from './splitPasses.js';

/** The sequences of a pass, unit by unit. */
export function passSequences({ tasks }: Pick<PreparedGroup, 'tasks'>, { units }: PlannedPass): TokenSequence[] {
  return units.flatMap(({ task, first, count }) => tasks[task]!.sequences.slice(first, first + count));
}
