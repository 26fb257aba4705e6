import { type QuickPickItem, QuickPickItemKind, ThemeIcon } from 'vscode';
import { titleOf } from '../../../checkpoint/index.js';
import type { CheckpointLibrary } from '../../checkpoints/checkpointLibrary.js';
import { formatCombination } from '../combineRoom.js';
import { combinationOf, type Draft, missingRoles, type ModelRole } from '../draft.js';
import type { RoleGuess } from '../guessRoles.js';
import { askForModel } from './modelStep.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer } from '../../kit/steps.js';
import { askForSettings, describeSettings } from './settingsStep.js';
import { tensorChoiceItems } from './tensorChoiceItems.js';
import { askForOutput, askForScale } from './valueSteps.js';

const roleLabels: Readonly<Record<ModelRole, string>> = { finetuned: 'Fine-tuned', base: 'Base', target: 'Target', delta: 'Diff vector' };
const roleIcons: Readonly<Record<ModelRole, string>> = { finetuned: 'sparkle', base: 'package', target: 'target', delta: 'diff' };
const roles = Object.keys(roleLabels) as ModelRole[];

interface OverviewItem extends QuickPickItem {
  /** Changes the draft; absent on the item that goes on. */
  readonly change?: (draft: Draft, place: Place) => Answer | Promise<Answer>;
}

/** The formula in the models' names; a question mark where none is chosen. */
export function describeDraft(draft: Draft): string {
  const text = formatCombination(
    combinationOf(draft, (role) => (draft.models[role] === null ? `${roleLabels[role]}?` : titleOf(draft.models[role]))),
  );
  return text.replaceAll('"', '');
}

function roleItem(role: ModelRole, path: string, reason: string | undefined, library: CheckpointLibrary): OverviewItem {
  return {
    label: `${roleLabels[role]}: ${titleOf(path)}`,
    ...(reason === undefined ? {} : { description: reason }),
    detail: path,
    iconPath: new ThemeIcon(roleIcons[role]),
    change: (draft, place) => askForModel(role, draft, place, library),
  };
}

function swap(draft: Draft): Draft {
  const { finetuned, base } = draft.models;
  return { ...draft, models: { ...draft.models, finetuned: base, base: finetuned } };
}

function valueItems(draft: Draft): OverviewItem[] {
  const { goal, output, scale } = draft;
  if (output === null) return [];
  const folder: OverviewItem = { label: 'Output Folder', description: output, iconPath: new ThemeIcon('folder'), change: askForOutput };
  const overall: OverviewItem = {
    label: 'Scale',
    description: `λ = ${scale}`,
    iconPath: new ThemeIcon('symbol-number'),
    change: askForScale,
  };
  const settings: OverviewItem = {
    label: 'Settings',
    description: describeSettings(draft),
    iconPath: new ThemeIcon('settings'),
    change: askForSettings,
  };
  return [...(goal === 'transfer' ? [overall] : []), ...tensorChoiceItems(draft), ...(goal === 'transfer' ? [settings] : []), folder];
}

function itemsOf(draft: Draft, guess: RoleGuess | null, library: CheckpointLibrary): OverviewItem[] {
  const { models } = draft;
  const reasonFor = (role: ModelRole, path: string): string | undefined => (guess?.models[role] === path ? guess.reasons[role] : undefined);
  const chosen = roles.flatMap((role) => {
    const path = models[role];
    return path === null ? [] : [roleItem(role, path, reasonFor(role, path), library)];
  });
  const isPair = models.finetuned !== null && models.base !== null;
  return [
    { label: 'Go On', description: describeDraft(draft), iconPath: new ThemeIcon('arrow-right'), alwaysShow: true },
    { label: 'Change', kind: QuickPickItemKind.Separator },
    ...chosen,
    ...(isPair ? [{ label: 'Swap Fine-tuned and Base', iconPath: new ThemeIcon('arrow-swap'), change: swap }] : []),
    ...valueItems(draft),
  ];
}

/** Shows what is decided, with the reasons for what was guessed, until the user goes on. Each item changes one thing. */
export async function askOverview(start: Draft, place: Place, guess: RoleGuess | null, library: CheckpointLibrary): Promise<Answer> {
  let draft = start;
  for (;;) {
    const missing = missingRoles(draft).length > 0 ? ' What is missing is asked next.' : '';
    const placeholder =
      guess === null ? 'What to change' : `These parts are guessed from weights, chat templates and names: check them.${missing}`;
    const item = await askToPick(place, { placeholder, items: itemsOf(draft, guess, library) });
    if (item === undefined || item === 'back') return item;
    if (item.change === undefined) return draft;
    const changed = await item.change(draft, { title: place.title, step: undefined, totalSteps: undefined, hasBack: true });
    if (changed === undefined) return undefined;
    if (changed !== 'back') draft = changed;
  }
}
