import { type QuickPickItem, ThemeIcon } from 'vscode';
import type { CombinePlan, SettingsChoice } from '../combineRoom.js';
import type { Draft } from '../draft.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer } from '../../kit/steps.js';

interface SettingsItem extends QuickPickItem {
  readonly choice: SettingsChoice;
}

const items: readonly SettingsItem[] = [
  {
    choice: 'merged',
    label: 'The Fine-tune’s Changes',
    detail: 'What it changed in its base’s config.json, but where the target differs from that base: there the target’s.',
    iconPath: new ThemeIcon('git-merge'),
  },
  {
    choice: 'finetuned',
    label: 'All of the Fine-tune’s Changes',
    detail: 'What it changed in its base’s config.json, also where the target has a value of its own.',
    iconPath: new ThemeIcon('sparkle'),
  },
  {
    choice: 'target',
    label: 'The Target’s',
    detail: 'The target’s config.json as it is, although the fine-tune’s weights were made with other settings.',
    iconPath: new ThemeIcon('target'),
  },
];

const codes: ReadonlySet<string> = new Set(['finetune-settings', 'finetune-settings-kept', 'settings-conflict']);

/** Whether there is something to choose: the fine-tuned version has other settings than its base. */
export function differInSettings({ findings }: CombinePlan): boolean {
  return findings.some(({ code }) => codes.has(code));
}

/** A choice as the overview names it. */
export function describeSettings({ settings }: Draft): string {
  return items.find(({ choice }) => choice === settings)?.label ?? settings;
}

/** Asks whose settings the output has. */
export async function askForSettings(draft: Draft, place: Place): Promise<Answer> {
  const active = items.find(({ choice }) => choice === draft.settings);
  const placeholder = 'The fine-tuned version has other settings than its base. Which ones does the output have?';
  const item = await askToPick(place, { placeholder, items, active });
  return item === undefined || item === 'back' ? item : { ...draft, settings: item.choice };
}
