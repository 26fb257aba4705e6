import type { Refusal } from '../../combine/plan.js';

const mismatchCodes = /^tensor-/;

/** Whether skipping mismatched tensors lifts some of these refusals, and nothing narrower does. */
export function liftedBySkipping(refusals: readonly Refusal[]): boolean {
  return patternsThatLift(refusals).length === 0 && refusals.some(({ code }) => mismatchCodes.test(code));
}

/** Patterns of tensors that lift these refusals when they are left out. */
export function patternsThatLift(refusals: readonly Refusal[]): readonly string[] {
  return [...new Set(refusals.flatMap(({ patterns = [] }) => patterns))];
}
