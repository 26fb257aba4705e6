import { inputsOf, type Combination } from '../combination.js';
import type { CombineKind } from '../plan.js';
import type { OpenInput } from './openInputs.js';
import type { Contributor } from '../../model/vocabulary/index.js';

/** What the inputs are to each other in a formula. Numbers are indices of inputs. */
export interface Roles {
  readonly kind: CombineKind;
  readonly template: number;
  /** Index of the step that adds the template as a whole; null in a diff vector. */
  readonly templateStep: number | null;
  /** Whatever else is added with a positive scale, in order. */
  readonly contributors: readonly Contributor[];
  /** Inputs that some step adds. */
  readonly added: readonly number[];
}

/**
 * Finds the template: the first model version that is added as a whole. A formula of differences only, or one whose
 * whole versions cancel out, is a diff vector and has its first input as template.
 */
export function findRoles(combination: Combination, inputs: readonly OpenInput[]): Roles {
  const names = inputsOf(combination);
  const isWhole = (step: Combination['steps'][number]): boolean => step.minus === null && !isDifference(inputs[names.indexOf(step.plus)]!);
  const weight = wholeWeight(combination, inputs);
  const templateStep = weight === 0 ? null : combination.steps.findIndex(isWhole);
  const template = names.indexOf(combination.steps[templateStep ?? 0]!.plus);
  const contributors = combination.steps
    .filter(({ scale }, index) => scale > 0 && index !== templateStep)
    .map(({ plus, minus }) => ({ plus: names.indexOf(plus), minus: minus === null ? null : names.indexOf(minus) }))
    .filter(({ plus }) => plus !== template);
  const added = [...new Set([template, ...combination.steps.map(({ plus }) => names.indexOf(plus))])];
  return { kind: templateStep === null ? 'diff-vector' : 'model', template, templateStep, contributors, added };
}

/** Sum of the scales with which whole model versions enter: 1 for a model, 0 for a difference. */
export function wholeWeight(combination: Combination, inputs: readonly OpenInput[]): number {
  const names = inputsOf(combination);
  const whole = combination.steps.filter(({ plus, minus }) => minus === null && !isDifference(inputs[names.indexOf(plus)]!));
  const sum = whole.reduce((total, { scale }) => total + scale, 0);
  return Math.abs(sum) < 1e-12 ? 0 : sum;
}

/** What is meant to be a diff vector counts as one: that it is none is said elsewhere. */
function isDifference({ diffVector, expect }: OpenInput): boolean {
  return diffVector !== null || expect === 'diff-vector';
}
