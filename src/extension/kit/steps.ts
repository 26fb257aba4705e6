import type { Draft } from '../transfer/draft.js';
import type { Place } from './quickPick.js';

/** The draft with the answer in it, or 'back', or undefined when the user gave up. */
export type Answer<Decided = Draft> = Decided | 'back' | undefined;

/** An answer that shows an earlier one to be wrong: that step is asked again, with what the draft now says. */
export class AskAgain<Decided> {
  constructor(
    readonly step: AnyStep<Decided>,
    readonly draft: Decided,
  ) {}
}

/** One question of a wizard. `More`: what it may answer beside. */
export interface Step<Decided = Draft, More = never> {
  isNeeded(draft: Decided): boolean | Promise<boolean>;
  ask(draft: Decided, place: Place): Promise<Answer<Decided> | More>;
}

export type AnyStep<Decided> = Step<Decided, AskAgain<Decided>>;

async function neededSteps<Decided>(steps: readonly AnyStep<Decided>[], draft: Decided): Promise<readonly AnyStep<Decided>[]> {
  const needed = await Promise.all(steps.map(async (step) => step.isNeeded(draft)));
  return steps.filter((_, index) => needed[index]);
}

function firstNeeded<Decided>(
  steps: readonly AnyStep<Decided>[],
  needed: readonly AnyStep<Decided>[],
  from: number,
  direction: 1 | -1,
): number {
  let at = from;
  while (at >= 0 && at < steps.length && !needed.includes(steps[at]!)) at += direction;
  return at;
}

/**
 * Asks the steps in order, numbered, each with a way back to the one before it.
 * @param start Index of the first step to ask.
 * @returns the draft, or undefined when the user gave up
 */
export async function askSteps<Decided extends object>(
  title: string,
  steps: readonly AnyStep<Decided>[],
  draft: Decided,
  start = 0,
): Promise<Decided | undefined> {
  let now = draft;
  let needed = await neededSteps(steps, now);
  let at = firstNeeded(steps, needed, start, 1);
  while (at < steps.length) {
    const previous = firstNeeded(steps, needed, at - 1, -1);
    const place = { title, step: needed.indexOf(steps[at]!) + 1, totalSteps: needed.length, hasBack: previous >= 0 };
    const answer = await steps[at]!.ask(now, place);
    if (answer === undefined) return undefined;
    if (answer === 'back') at = previous;
    else {
      const again = answer instanceof AskAgain ? answer : null;
      now = again === null ? (answer as Decided) : again.draft;
      needed = await neededSteps(steps, now);
      at = firstNeeded(steps, needed, again === null ? at + 1 : steps.indexOf(again.step), 1);
    }
  }
  return now;
}
