import type { CombineRequest } from './request.js';
import { compilePattern } from '../model/names/index.js';

/**
 * Whether a tensor takes part, by its name: null when it does, else why not.
 * @throws PatternError
 */
export function compileSelection({ include, exclude }: Pick<CombineRequest, 'include' | 'exclude'>): (name: string) => string | null {
  const included = include.map((pattern) => compilePattern(pattern));
  const excluded = exclude.map((pattern) => ({ pattern, fits: compilePattern(pattern) }));
  return (name) => {
    const hit = excluded.find(({ fits }) => fits(name));
    if (hit !== undefined) return `excluded by ${hit.pattern}`;
    return included.length > 0 && !included.some((fits) => fits(name)) ? 'not among the included tensors' : null;
  };
}
