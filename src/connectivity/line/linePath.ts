import { formatScale, interpolation, transfer, type Combination } from '../../combine/index.js';
import type { LinePath } from '../report/index.js';

/** The combination at α or λ on a path. */
export function combinationAt(path: LinePath, at: number): Combination {
  switch (path.kind) {
    case 'interpolate':
      return interpolation(path.a, path.b, at);
    case 'transferred':
      return transfer(path.finetuned, path.target, path.base, at);
    case 'sweep':
      return transfer(path.target, path.finetuned, path.base, at);
    default:
      return path satisfies never;
  }
}

/** Unique among the points of a path: `α = 0.3`, `λ = 1.0`. */
export function pointLabel(path: LinePath, at: number): string {
  return `${path.kind === 'sweep' ? 'λ' : 'α'} = ${formatScale(at)}`;
}

/** Roles of the models that a path's points are judged against and that do not lie on it. */
export function referenceRoles(path: LinePath): string[] {
  switch (path.kind) {
    case 'interpolate':
      return [];
    case 'transferred':
      return [path.base, path.target];
    case 'sweep':
      return [path.base, path.finetuned];
    default:
      return path satisfies never;
  }
}

/** A model by itself, as a combination. */
export function single(role: string): Combination {
  return { steps: [{ scale: 1, plus: role, minus: null }] };
}
