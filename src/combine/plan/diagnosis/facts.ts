import type { Refusal } from '../../plan.js';
import type { Mismatch } from '../mismatch.js';
import type { OpenInput } from '../openInputs.js';

/** How an input fits the template, tensor by tensor. */
export interface FitFacts {
  readonly template: OpenInput;
  readonly input: OpenInput;
  /** Tensors of the template that take part and that the input lacks or has otherwise. */
  readonly mismatches: readonly Mismatch[];
  /** Weights of the input that the template has no place for, and that would be lost; by the input's names. */
  readonly unplaced: readonly string[];
  /** All names of the input without a place, lost or not. */
  readonly unmatched: readonly string[];
  /** Names of the template's tensors that the input has alike. */
  readonly fitting: readonly string[];
}

/** A reason why much of an input does not fit, which explains its mismatches and takes their place. */
export type Explanation = (facts: FitFacts) => Refusal | null;

export function missingNames({ mismatches }: FitFacts): string[] {
  return mismatches.filter(({ kind }) => kind === 'missing').map(({ tensor }) => tensor);
}

/** Whether a number of names is most of all that do not fit or are missing. */
export function isMost(count: number, total: number): boolean {
  return total > 0 && 2 * count > total;
}
