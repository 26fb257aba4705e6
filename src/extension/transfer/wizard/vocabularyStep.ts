import { type QuickPickItem, ThemeIcon } from 'vscode';
import type { CombineRequest } from '../combineRoom.js';
import type { Draft } from '../draft.js';
import type { Planner } from '../planner.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';

interface RuleItem extends QuickPickItem {
  readonly rule: CombineRequest['vocabulary'];
}

const items: readonly RuleItem[] = [
  {
    rule: 'tokens',
    label: 'By Token',
    detail: 'Rows that stand for the same token belong together; tokens that only the fine-tuned version has are added.',
    iconPath: new ThemeIcon('symbol-key'),
  },
  {
    rule: 'rows',
    label: 'By Row Number',
    detail: 'Rows are matched by index, missing ones count as zeros. For vocabularies that only grew at the end.',
    iconPath: new ThemeIcon('list-ordered'),
  },
];

/** Asked only where tokenizers show that the vocabularies differ: else there is nothing to choose. A point is written as it was scored. */
async function differ(planner: Planner, draft: Draft): Promise<boolean> {
  if (draft.output === null || draft.point !== null) return false;
  const plan = await planner.plan({ ...draft, vocabulary: 'tokens' }).catch(() => null);
  return plan?.vocabulary?.rule === 'tokens' || (plan?.refusals.some(({ code }) => code === 'vocabularies-unrelated') ?? false);
}

async function askForRule(draft: Draft, place: Place): Promise<Answer> {
  const active = items.find(({ rule }) => rule === draft.vocabulary);
  const item = await askToPick(place, { placeholder: 'The vocabularies differ. How are their rows matched?', items, active });
  return item === undefined || item === 'back' ? item : { ...draft, vocabulary: item.rule };
}

export function vocabularyStep(planner: Planner): Step {
  return { isNeeded: (draft) => differ(planner, draft), ask: askForRule };
}
