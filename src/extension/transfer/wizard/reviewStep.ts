import { type QuickPickItem, QuickPickItemKind, ThemeIcon } from 'vscode';
import { formatBytes } from '../../../base/format.js';
import type { CombinePlan } from '../combineRoom.js';
import type { Goal } from '../draft.js';
import { liftedBySkipping } from '../mismatches.js';
import { askToPick, type Place } from '../../kit/quickPick.js';

/** What the user decides about a plan. `skip` is to keep the target's tensors where the models do not match. */
export type Decision = 'run' | 'restart' | 'skip' | 'change' | 'output';

interface DecisionItem extends QuickPickItem {
  readonly decision?: Decision;
}

const verbs: Readonly<Record<Goal, string>> = { transfer: 'Transfer', 'diff-vector': 'Save Diff Vector', point: 'Write Checkpoint' };

const outputCodes = /^(?:output-|disk-full)/;

function remedies({ refusals, request }: CombinePlan): DecisionItem[] {
  const skip: DecisionItem = {
    decision: 'skip',
    label: 'Keep the Target’s Tensors Where They Differ',
    description: 'the page will list them',
    iconPath: new ThemeIcon('debug-step-over'),
  };
  const output: DecisionItem = { decision: 'output', label: 'Choose Another Folder…', iconPath: new ThemeIcon('folder') };
  return [
    ...(liftedBySkipping(refusals) && !request.skipMismatched ? [skip] : []),
    ...(refusals.some(({ code }) => outputCodes.test(code)) ? [output] : []),
  ];
}

function runItems({ writeByteLength, output, request }: CombinePlan, goal: Goal): DecisionItem[] {
  const writes = `writes ${formatBytes(writeByteLength)} to ${output}`;
  if (!request.resume) return [{ decision: 'run', label: verbs[goal], description: writes, iconPath: new ThemeIcon('check') }];
  return [
    {
      decision: 'run',
      label: 'Resume',
      description: 'goes on with the unfinished run that is there',
      iconPath: new ThemeIcon('debug-continue'),
    },
    {
      decision: 'restart',
      label: 'Start Again',
      description: `removes the unfinished run, ${writes}`,
      iconPath: new ThemeIcon('debug-restart'),
    },
  ];
}

/** Asks about the plan that the page shows, for as long as the user reads. Undefined: nothing is to be done. */
export async function askForDecision(plan: CombinePlan, goal: Goal, place: Place): Promise<Decision | 'back' | undefined> {
  const [refusal] = plan.refusals;
  const items: readonly DecisionItem[] = [
    ...(refusal === undefined ? runItems(plan, goal) : remedies(plan)),
    { decision: 'change', label: 'Change…', iconPath: new ThemeIcon('edit') },
    { label: '', kind: QuickPickItemKind.Separator },
    { label: 'Cancel', description: 'nothing was written', iconPath: new ThemeIcon('close') },
  ];
  const placeholder = refusal === undefined ? 'Read the plan below, then choose' : `This cannot run: ${refusal.message}`;
  const item = await askToPick(place, { placeholder, items });
  return item === undefined || item === 'back' ? item : item.decision;
}
