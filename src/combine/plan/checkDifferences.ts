import type { Finding } from '../../checkpoint/index.js';
import type { Combination } from '../combination.js';
import type { OpenInput } from './openInputs.js';
import type { Roles } from './roles.js';

/** Differences of a version with itself: legal, but hardly what is meant. */
export function zeroDifferenceFindings({ steps }: Combination, { kind, templateStep }: Roles, inputs: readonly OpenInput[]): Finding[] {
  const changing = steps.filter((_, index) => index !== templateStep);
  const zero = changing.filter(({ plus, minus }) => minus !== null && areSameFiles(inputs, plus, minus));
  const effect = kind === 'model' ? 'nothing will change' : 'the diff vector will hold only zeros';
  return zero.map(({ plus, minus }) => {
    const difference = `${plus} and ${String(minus)} are the same files, so their difference is zero`;
    const message = zero.length === changing.length ? `${difference} and ${effect}.` : `${difference}.`;
    return { severity: 'warning', code: 'difference-is-zero', message: `${message} Check which models are given.` };
  });
}

function areSameFiles(inputs: readonly OpenInput[], one: string, other: string): boolean {
  const [a, b] = [one, other].map((role) => inputs.find((input) => input.role === role)!.checkpoint.shards);
  return a!.length === b!.length && a!.every(({ identity }, index) => identity === b![index]!.identity);
}
