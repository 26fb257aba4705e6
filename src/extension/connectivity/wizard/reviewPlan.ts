import { type QuickPickItem, QuickPickItemKind, ThemeIcon } from 'vscode';
import type { Pages } from '../../transfer/pages.js';
import { askToPick, type Place } from '../../transfer/wizard/quickPick.js';
import type { ConnectivityPlan } from '../connectivityRoom.js';
import { connectivityPlanPage, describeCosts, refusalsOf } from '../planPage.js';

interface RunItem extends QuickPickItem {
  readonly runs?: boolean;
}

/** Shows the plan as a page and asks whether to run it. 'back' to change it, undefined when nothing is to be done. */
export async function reviewPlan(plan: ConnectivityPlan, place: Place, pages: Pages): Promise<'run' | 'back' | undefined> {
  await pages.showQuestioned(`Plan of ${plan.title.replaceAll(/[/\\]/g, ' ')}`, connectivityPlanPage(plan));
  const [refusal] = refusalsOf(plan);
  const run: RunItem = { runs: true, label: 'Score', description: describeCosts(plan), iconPath: new ThemeIcon('play') };
  const items: readonly RunItem[] = [
    ...(refusal === undefined ? [run] : []),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: 'Cancel', description: 'nothing was scored', iconPath: new ThemeIcon('close') },
  ];
  const placeholder = refusal === undefined ? 'Read the plan below, then choose' : `This cannot run: ${refusal}`;
  const item = await askToPick(place, { placeholder, items });
  if (item === undefined || item === 'back') return item;
  return item.runs === true ? 'run' : undefined;
}
