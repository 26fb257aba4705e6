import { inputsOf, type Combination } from './combination.js';
import type { CombineKind } from './plan.js';
import { describeFormula } from './plan/checkRequest.js';
import type { Manifest } from './run/manifest.js';

/** What an output of this tool says of itself. */
export interface OutputFacts {
  readonly kind: CombineKind;
  /** The formula with the models' names, where they differ, instead of their roles: `base-2 + 1.0·(finetuned-1 − base-1)`. */
  readonly formula: string;
  /** Folder or file of each input, by role. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Role of the input whose tensors the output has. */
  readonly template: string;
}

type Described = Pick<Manifest, 'kind' | 'combination' | 'request' | 'inputs' | 'template'>;

/** The facts of an output, from its manifest. */
export function outputFacts({ kind, combination, request, inputs, template }: Described): OutputFacts {
  return {
    kind,
    formula: describeFormula({ ...request, combination: withNames(combination, inputs) }),
    inputs: Object.fromEntries(inputs.map(({ role, path }) => [role, path])),
    template,
  };
}

function withNames(combination: Combination, inputs: Described['inputs']): Combination {
  const names = new Map(inputs.map(({ role, name }) => [role, name]));
  const isClear = new Set(names.values()).size === inputsOf(combination).length;
  if (!isClear) return combination;
  const nameOf = (role: string): string => names.get(role) ?? role;
  return {
    steps: combination.steps.map(({ scale, plus, minus }) => ({ scale, plus: nameOf(plus), minus: minus === null ? null : nameOf(minus) })),
  };
}
