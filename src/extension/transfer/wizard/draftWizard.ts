import type { CheckpointLibrary } from '../../checkpoints/checkpointLibrary.js';
import { messageOf } from '../../../base/errors.js';
import type { Order } from '../carryOut.js';
import type { CombinePlan } from '../combineRoom.js';
import { type Draft, type Goal, missingRoles, type ModelRole, withoutTensors } from '../draft.js';
import type { RoleGuess } from '../guessRoles.js';
import { patternsThatLift } from '../mismatches.js';
import type { Pages } from '../../kit/pages.js';
import type { Planner } from '../planner.js';
import { modelStep } from './modelStep.js';
import { askOverview } from './overviewStep.js';
import { askForDecision, type Decision } from './reviewStep.js';
import { askSteps, type Step } from '../../kit/steps.js';
import { askForSettings } from './settingsStep.js';
import { outputStep, scaleStep } from './valueSteps.js';
import { vocabularyStep } from './vocabularyStep.js';
import { showErrorMessage } from '../../kit/notices.js';

const titles: Readonly<Record<Goal, string>> = {
  transfer: 'Transfer Fine-tuning',
  'diff-vector': 'Save Diff Vector',
  point: 'Write Checkpoint',
};

export interface WizardServices {
  readonly library: CheckpointLibrary;
  readonly pages: Pages;
  readonly planner: Planner;
}

/** From first question to a plan that the user has read. */
export class DraftWizard {
  private readonly steps: readonly Step[];
  /** Roles that were asked for, and so can be gone back to. */
  private readonly asked = new Set<ModelRole>();
  private order: Order | undefined;

  constructor(
    private readonly services: WizardServices,
    private readonly goal: Goal,
    guess: RoleGuess | null,
  ) {
    const { library, planner } = services;
    const models = (['finetuned', 'base', 'target'] as const).map((role) => modelStep(role, library, (draft) => this.asksFor(role, draft)));
    const overview: Step = { isNeeded: () => guess !== null, ask: (draft, place) => askOverview(draft, place, guess, library) };
    this.steps = [
      overview,
      ...models,
      scaleStep,
      outputStep,
      vocabularyStep(planner),
      { isNeeded: () => true, ask: (draft, place) => this.review(draft, place) },
    ];
  }

  /** Undefined: the user gave up. */
  async run(draft: Draft): Promise<Order | undefined> {
    await askSteps(titles[this.goal], this.steps, draft);
    return this.order;
  }

  private asksFor(role: ModelRole, draft: Draft): boolean {
    if (missingRoles(draft).includes(role)) this.asked.add(role);
    return this.asked.has(role) && !(draft.models.delta !== null && role === 'base');
  }

  /** Shows the plan and asks about it, until it is run or left. */
  private async review(start: Draft, place: Parameters<Step['ask']>[1]): ReturnType<Step['ask']> {
    let draft = start;
    for (;;) {
      const plan = await this.planFor(draft);
      const decision = plan === null ? 'change' : await askForDecision(plan, this.goal, place);
      if (decision === undefined || decision === 'back') return decision;
      if (plan !== null && (decision === 'run' || decision === 'restart')) {
        this.order = { plan, replace: decision === 'restart' };
        return draft;
      }
      const changed = await this.change(draft, decision, plan, place);
      if (changed === undefined) return undefined;
      if (changed !== 'back') draft = changed;
      else if (plan === null) return undefined;
    }
  }

  /** Null: the models cannot even be planned with, and the user was told why. */
  private async planFor(draft: Draft): Promise<CombinePlan | null> {
    try {
      const plan = await this.services.planner.refresh(draft);
      await this.services.pages.showPlan(plan);
      return plan;
    } catch (error) {
      void showErrorMessage(messageOf(error));
      return null;
    }
  }

  private async change(
    draft: Draft,
    decision: Decision,
    plan: CombinePlan | null,
    place: Parameters<Step['ask']>[1],
  ): ReturnType<Step['ask']> {
    const alone = { ...place, step: undefined, totalSteps: undefined, hasBack: true };
    if (decision === 'skip') return { ...draft, skipMismatched: true };
    if (decision === 'trust') return { ...draft, choices: { ...draft.choices, trustNames: true } };
    if (decision === 'exclude') return withoutTensors(draft, patternsThatLift(plan?.refusals ?? []));
    if (decision === 'settings') return askForSettings(draft, alone);
    if (decision === 'output') return outputStep.ask(draft, alone);
    const changed = await askOverview(draft, alone, null, this.services.library);
    if (changed === undefined || changed === 'back' || missingRoles(changed).length === 0) return changed;
    return askSteps(place.title, this.steps.slice(1, 4), changed);
  }
}
