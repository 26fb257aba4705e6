import { window } from 'vscode';
import type { CheckpointLibrary } from '../../checkpoints/checkpointLibrary.js';
import type { Engine } from '../../engine/engineService.js';
import { messageOf } from '../../errors.js';
import type { Pages } from '../../transfer/pages.js';
import type { Place } from '../../transfer/wizard/quickPick.js';
import { type Answer, askSteps, type Step } from '../../transfer/wizard/steps.js';
import type { ConnectivityPlan } from '../connectivityRoom.js';
import { type CurveDraft, type CurveRole, requestOfCurve } from '../curveDraft.js';
import { readScoring } from '../scoringSettings.js';
import { curveModelStep } from './curveModelStep.js';
import { gridStep } from './gridStep.js';
import { planCancellably } from './planCancellably.js';
import { reviewPlan } from './reviewPlan.js';
import { type RoleReasons, rolesStep } from './rolesStep.js';
import { taskStep } from './taskStep.js';
import { wayStep } from './wayStep.js';

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
  const review = async (draft: CurveDraft, place: Place): Promise<Answer<CurveDraft>> => {
    const plan = await planFor(draft, services.engine);
    const decision = plan === undefined ? 'back' : await reviewPlan(plan, place, services.pages);
    if (decision !== 'run') return decision;
    accepted = plan;
    return draft;
  };
  const steps: readonly Step<CurveDraft>[] = [
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

/** Undefined: the user cancelled, or it cannot even be planned, and the user was told why. */
async function planFor(draft: CurveDraft, engine: Engine): Promise<ConnectivityPlan | undefined> {
  try {
    return await planCancellably(engine, requestOfCurve(draft, readScoring()));
  } catch (error) {
    void window.showErrorMessage(messageOf(error));
    return undefined;
  }
}
