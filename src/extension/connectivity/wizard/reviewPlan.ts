import { type QuickPickItem, QuickPickItemKind, ThemeIcon } from 'vscode';
import { liftedBySkipping, patternsThatLift } from '../../transfer/mismatches.js';
import type { Pages } from '../../kit/pages.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { ConnectivityPlan } from '../connectivityRoom.js';
import { connectivityPlanPage, describeCosts, refusalsOf } from '../planPage.js';

type Decision = 'run' | 'skip';

interface DecisionItem extends QuickPickItem {
  readonly decision?: Decision;
}

function runItem(plan: ConnectivityPlan): DecisionItem {
  return { decision: 'run', label: 'Score', description: describeCosts(plan), iconPath: new ThemeIcon('play') };
}

function remedies({ request, evaluations }: ConnectivityPlan): DecisionItem[] {
  const refusals = evaluations.flatMap((evaluation) => evaluation.refusals);
  const isLifted = liftedBySkipping(refusals) || patternsThatLift(refusals).length > 0;
  if (!isLifted || request.choices.skipMismatched) return [];
  const description = 'every point keeps those of the model that its formula begins with';
  return [{ decision: 'skip', label: 'Skip Mismatched Tensors', description, iconPath: new ThemeIcon('debug-step-over') }];
}

/** Shows the plan as a page and asks what to do with it. 'back' to change it, undefined when nothing is to be done. */
async function askAboutPlan(plan: ConnectivityPlan, place: Place, pages: Pages): Promise<Decision | 'back' | undefined> {
  await pages.showQuestioned(`Plan of ${plan.title.replaceAll(/[/\\]/g, ' ')}`, connectivityPlanPage(plan));
  const [refusal] = refusalsOf(plan);
  const items: readonly DecisionItem[] = [
    ...(refusal === undefined ? [runItem(plan)] : remedies(plan)),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: 'Cancel', description: 'nothing was scored', iconPath: new ThemeIcon('close') },
  ];
  const placeholder = refusal === undefined ? 'Read the plan below, then choose' : `This cannot run: ${refusal}`;
  const item = await askToPick(place, { placeholder, items });
  return item === undefined || item === 'back' ? item : item.decision;
}

/**
 * Plans, and shows each plan until the user decides.
 * @param plan Plans with or without what does not match; undefined when the user cancels that.
 * @returns the plan to run, 'back' to change it, undefined when nothing is to be done
 * @throws as `plan`
 */
export async function reviewPlans(
  plan: (skipMismatched: boolean) => Promise<ConnectivityPlan | undefined>,
  place: Place,
  pages: Pages,
): Promise<ConnectivityPlan | 'back' | undefined> {
  for (let skipMismatched = false; ; skipMismatched = true) {
    const planned = await plan(skipMismatched);
    if (planned === undefined) return 'back';
    const decision = await askAboutPlan(planned, place, pages);
    if (decision !== 'skip') return decision === 'run' ? planned : decision;
  }
}
