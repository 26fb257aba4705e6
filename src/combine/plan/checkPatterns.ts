import type { Finding } from '../../checkpoint/index.js';
import type { CombineRequest } from '../request.js';
import { compilePattern } from '../../model/names/index.js';

/** A pattern that fits no tensor is a slip (a forgotten `model.`), and would otherwise do nothing without a word. */
export function patternRefusals({ scales, include, exclude }: CombineRequest, names: readonly string[]): Finding[] {
  const patterns = [...scales.flatMap(({ pattern }) => pattern ?? []), ...include, ...exclude];
  return patterns.filter((pattern) => !names.some(compilePattern(pattern))).map((pattern) => unfitting(pattern, names));
}

function unfitting(pattern: string, names: readonly string[]): Finding {
  const example = names.length > 0 ? ` Names look like "${names[Math.floor(names.length / 2)]!}".` : '';
  return {
    severity: 'error',
    code: 'pattern-fits-nothing',
    message: `The pattern "${pattern}" fits no tensor. Correct it or leave it out.${example}`,
  };
}
