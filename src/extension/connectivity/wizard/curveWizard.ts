import type { CheckpointLibrary } from '../../checkpoints/checkpointLibrary.js';
import type { Engine } from '../../kit/engineService.js';
import { messageOf } from '../../../base/errors.js';
import type { Pages } from '../../kit/pages.js';
import type { Place } from '../../kit/quickPick.js';
import { type AnyStep, AskAgain, askSteps } from '../../kit/steps.js';
import type { ConnectivityPlan } from '../connectivityRoom.js';
import { badTaskOf, type CurveDraft, type CurveRole, requestOfCurve, withSkipping } from '../curveDraft.js';
import { readScoring } from '../scoringSettings.js';
import { curveModelStep } from './curveModelStep.js';
import { gridStep } from './gridStep.js';
import { planCancellably } from './planCancellably.js';
import { reviewPlans } from './reviewPlan.js';
import { type RoleReasons, rolesStep } from './rolesStep.js';
import { taskStep } from './taskStep.js';
import { wayStep } from './wayStep.js';
import { showErrorMessage } from '../../kit/notices.js';

export interface CurveWizardServices {
  readonly engine: Engine;
  readonly library: CheckpointLibrary;
  readonly pages: Pages;
}

const roles: readonly CurveRole[] = ['a', 'b', 'c', 'finetuned', 'base', 'target'];

/** From first question to a plan that the user has read. Undefined: the user gave up. */
export async function askForCurve(
  title: string,
  start: CurveDraft,
  reasons: RoleReasons,
  services: CurveWizardServices,
): Promise<ConnectivityPlan | undefined> {
  let accepted: ConnectivityPlan | undefined;
  const review: AnyStep<CurveDraft>['ask'] = async (draft, place) => {
    const plan = await reviewCurve(draft, place, services);
    if (plan === undefined || plan === 'back' || plan instanceof AskAgain) return plan;
    accepted = plan;
    return draft;
  };
  const steps: readonly AnyStep<CurveDraft>[] = [
    wayStep(start.way === null),
    rolesStep(reasons, services.library),
    ...roles.map((role) => curveModelStep(role, services.library, start.models[role] !== null)),
    taskStep,
    gridStep,
    { isNeeded: () => true, ask: review },
  ];
  await askSteps(title, steps, start);
  return accepted;
}

/** Shows what the draft costs. A task that cannot be scored on is asked for again. */
async function reviewCurve(
  draft: CurveDraft,
  place: Place,
  { engine, pages }: CurveWizardServices,
): Promise<ConnectivityPlan | 'back' | undefined | AskAgain<CurveDraft>> {
  try {
    const request = requestOfCurve(draft, readScoring());
    return await reviewPlans((skipMismatched) => planCancellably(engine, withSkipping(request, skipMismatched)), place, pages);
  } catch (error) {
    void showErrorMessage(messageOf(error));
    const badTask = badTaskOf(draft, messageOf(error));
    return badTask === null ? 'back' : new AskAgain(taskStep, { ...draft, badTask });
  }
}
