import type { Draft } from '../draft.js';
import type { Place } from './quickPick.js';

/** The draft with the answer in it, or 'back', or undefined when the user gave up. */
export type Answer = Draft | 'back' | undefined;

/** One question of a wizard. */
export interface Step {
  isNeeded(draft: Draft): boolean | Promise<boolean>;
  ask(draft: Draft, place: Place): Promise<Answer>;
}

async function neededSteps(steps: readonly Step[], draft: Draft): Promise<readonly Step[]> {
  const needed = await Promise.all(steps.map(async (step) => step.isNeeded(draft)));
  return steps.filter((_, index) => needed[index]);
}

function firstNeeded(steps: readonly Step[], needed: readonly Step[], from: number, direction: 1 | -1): number {
  let at = from;
  while (at >= 0 && at < steps.length && !needed.includes(steps[at]!)) at += direction;
  return at;
}

/**
 * Asks the steps in order, numbered, each with a way back to the one before it.
 * @param start Index of the first step to ask.
 * @returns the draft, or undefined when the user gave up
 */
export async function askSteps(title: string, steps: readonly Step[], draft: Draft, start = 0): Promise<Draft | undefined> {
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
      now = answer;
      needed = await neededSteps(steps, now);
      at = firstNeeded(steps, needed, at + 1, 1);
    }
  }
  return now;
}
