import type { ReportInput } from '../../evaluate/report/index.js';
import type { LinePath, MatrixVersion } from './run.js';

/** The part of a run that its title names. */
export type TitledRun =
  | { readonly kind: 'line'; readonly path: LinePath }
  | { readonly kind: 'matrix'; readonly versions: readonly MatrixVersion[] }
  | { readonly kind: 'plane'; readonly a: string; readonly b: string; readonly c: string };

/** What a run is called, by the names of its models: `base-1 ↔ base-2`, `base-2 + λ·(finetuned-1 − base-1)`. */
export function titleOf(run: TitledRun, inputs: readonly Pick<ReportInput, 'role' | 'name'>[]): string {
  const name = (role: string): string => inputs.find((input) => input.role === role)?.name ?? role;
  switch (run.kind) {
    case 'line':
      return lineTitle(run.path, name);
    case 'matrix':
      return `Transfer matrix of ${run.versions.map((version) => version.name).join(', ')}`;
    case 'plane':
      return `Plane through ${name(run.a)}, ${name(run.b)} and ${name(run.c)}`;
    default:
      return run satisfies never;
  }
}

function lineTitle(path: LinePath, name: (role: string) => string): string {
  switch (path.kind) {
    case 'interpolate':
      return `${name(path.a)} ↔ ${name(path.b)}`;
    case 'transferred':
      return `${name(path.finetuned)} ↔ ${name(path.target)} + (${name(path.finetuned)} − ${name(path.base)})`;
    case 'sweep':
      return `${name(path.target)} + λ·(${name(path.finetuned)} − ${name(path.base)})`;
    default:
      return path satisfies never;
  }
}
