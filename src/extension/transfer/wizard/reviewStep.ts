import { type QuickPickItem, QuickPickItemKind, ThemeIcon } from 'vscode';
import { formatBytes } from '../../../base/format.js';
import type { CombinePlan } from '../combineRoom.js';
import type { Goal } from '../draft.js';
import { liftedBySkipping, patternsThatLift } from '../mismatches.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import { differInSettings } from './settingsStep.js';

/**
 * What the user decides about a plan. `skip` and `exclude` keep the target's tensors: where the models do not match, or of a part;
 * `trust` takes an order as names say it where values do not confirm it.
 */
export type Decision = 'run' | 'restart' | 'skip' | 'exclude' | 'trust' | 'change' | 'output' | 'settings';

interface DecisionItem extends QuickPickItem {
  readonly decision?: Decision;
}

const verbs: Readonly<Record<Goal, string>> = { transfer: 'Transfer', 'diff-vector': 'Save Diff Vector', point: 'Write Checkpoint' };

const outputCodes = /^(?:output-|disk-full)/;

function remedies({ refusals, request }: CombinePlan, goal: Goal): DecisionItem[] {
  const skip: DecisionItem = {
    decision: 'skip',
    label: 'Keep the Target’s Tensors Where They Differ',
    description: 'the page will list them',
    iconPath: new ThemeIcon('debug-step-over'),
  };
  const trust: DecisionItem = {
    decision: 'trust',
    label: 'Take Parts in the Order That Names Say',
    description: 'nothing confirms it',
    iconPath: new ThemeIcon('question'),
  };
  const output: DecisionItem = { decision: 'output', label: 'Choose Another Folder…', iconPath: new ThemeIcon('folder') };
  return [
    ...(goal === 'point' ? [] : patternItems(patternsThatLift(refusals))),
    ...(liftedBySkipping(refusals) && !request.skipMismatched ? [skip] : []),
    ...(goal !== 'point' && refusals.some(({ code }) => code === 'order-unchecked') ? [trust] : []),
    ...(refusals.some(({ code }) => outputCodes.test(code)) ? [output] : []),
  ];
}

/** Leaving out just the tensors that stand in the way. */
function patternItems(patterns: readonly string[]): DecisionItem[] {
  if (patterns.length === 0) return [];
  const label = `Leave Out ${patterns.join(', ')}`;
  return [{ decision: 'exclude', label, description: 'these stay as they are in the target', iconPath: new ThemeIcon('exclude') }];
}

function runItems(plan: CombinePlan, goal: Goal): DecisionItem[] {
  if (plan.request.resume) return resumeItems(plan);
  return [{ decision: 'run', label: verbs[goal], description: writes(plan), iconPath: new ThemeIcon('check') }];
}

function writes({ writeByteLength, output }: CombinePlan): string {
  return `writes ${formatBytes(writeByteLength)} to ${output}`;
}

function resumeItems(plan: CombinePlan): DecisionItem[] {
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
      description: `removes the unfinished run, ${writes(plan)}`,
      iconPath: new ThemeIcon('debug-restart'),
    },
  ];
}

const settingsItem: DecisionItem = {
  decision: 'settings',
  label: 'Choose Settings…',
  description: 'the fine-tune’s or the target’s',
  iconPath: new ThemeIcon('settings'),
};

const separator: DecisionItem = { label: '', kind: QuickPickItemKind.Separator };

/** Asks about the plan of an unfinished run that the page shows. Undefined: it is left as it is. */
export async function askToResume(plan: CombinePlan): Promise<'run' | 'restart' | undefined> {
  const leave: DecisionItem = { label: 'Cancel', description: 'leaves it as it is', iconPath: new ThemeIcon('close') };
  const place = { title: 'Resume', step: undefined, totalSteps: undefined, hasBack: false };
  const items = [...resumeItems(plan), separator, leave];
  const item = await askToPick(place, { placeholder: 'Read the plan below, then choose', items });
  return item === 'back' || (item?.decision !== 'run' && item?.decision !== 'restart') ? undefined : item.decision;
}

/** Asks about the plan that the page shows, for as long as the user reads. Undefined: nothing is to be done. */
export async function askForDecision(plan: CombinePlan, goal: Goal, place: Place): Promise<Decision | 'back' | undefined> {
  const [refusal] = plan.refusals;
  const items: readonly DecisionItem[] = [
    ...(refusal === undefined ? runItems(plan, goal) : remedies(plan, goal)),
    ...(goal === 'transfer' && differInSettings(plan) ? [settingsItem] : []),
    { decision: 'change', label: 'Change…', iconPath: new ThemeIcon('edit') },
    separator,
    { label: 'Cancel', description: 'nothing was written', iconPath: new ThemeIcon('close') },
  ];
  const placeholder = refusal === undefined ? 'Read the plan below, then choose' : `This cannot run: ${refusal.message}`;
  const item = await askToPick(place, { placeholder, items });
  return item === undefined || item === 'back' ? item : item.decision;
}
