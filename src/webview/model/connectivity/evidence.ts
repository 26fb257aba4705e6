import { formatNumber } from '../../../compare/report/format.js';
import {
  type Barrier,
  conclusionsOf,
  type ConnectivityRun,
  formatEstimate,
  formatPosition,
  type Geometry,
  type LineRun,
  type SweepOptimum,
  type Verdict,
  verdictOf,
} from '../../../connectivity/report/index.js';

/** A number of the evidence with its explanation. */
export interface EvidenceFact {
  readonly label: string;
  readonly value: string;
  readonly meaning: string;
  readonly note?: string;
}

/** What is shown of a verdict: none of them says that a transfer works. */
const verdictNames: Readonly<Record<Verdict, string>> = {
  connected: 'No barrier measured',
  barrier: 'Barrier',
  undecided: 'Not decided',
  undefined: 'No verdict',
};

function barrierFacts({ verdict, height, standardError, alpha, tolerance }: Barrier): EvidenceFact[] {
  const meaning = 'What the points say of a rise of the curve above the chord; by itself no promise that a transfer works';
  const named = {
    label: 'Verdict',
    value: verdictNames[verdict],
    meaning,
    note: `a rise of up to ${formatNumber(tolerance)} counts as none`,
  };
  if (!Number.isFinite(height)) return [named];
  return [
    named,
    {
      label: 'Largest rise',
      value: formatEstimate(height, standardError),
      meaning: 'The curve above the straight line between its ends, from paired differences; ± one standard error',
      note: `above the chord, at α = ${formatPosition(alpha)}`,
    },
  ];
}

function optimumFacts({ at, loss, gainOverOne, gainOverOneError, gainOverTarget, gainOverTargetError }: SweepOptimum): EvidenceFact[] {
  const best = { label: 'Best λ', value: formatPosition(at), meaning: 'The scored λ with the best score' };
  const gains: readonly (readonly [label: string, value: number, error: number, other: string])[] = [
    ['Gain over λ = 1', gainOverOne, gainOverOneError, 'the plain transfer'],
    ['Gain over the target', gainOverTarget, gainOverTargetError, 'the target as it is'],
  ];
  return [
    ...(Number.isFinite(loss) ? [best] : []),
    ...gains.flatMap(([label, value, error, other]) => {
      const meaning = `How much better the best λ scores than ${other}, paired; ± one standard error`;
      return Number.isFinite(value) ? [{ label, value: formatEstimate(value, error), meaning }] : [];
    }),
  ];
}

function geometryFacts({ targetMinusBase, diffVector, cosine }: Geometry): EvidenceFact[] {
  const known: readonly (readonly [string, number | null, string])[] = [
    [
      '‖mₜ − mₛ‖',
      targetMinusBase,
      'Euclidean distance of the target from the base, over the float values of the chosen tensors, row by row as stored',
    ],
    ['‖Δₛ‖', diffVector, 'Norm of the diff vector: fine-tuned − base'],
    ['cos(Δₛ, mₜ − mₛ)', cosine, 'Cosine of the diff vector and the way from base to target'],
  ];
  return known.flatMap(([label, value, meaning]) => (value === null ? [] : [{ label, value: formatNumber(value), meaning }]));
}

/** The numbers that a line run on one task comes to, beside each other. */
export function evidenceFacts(run: LineRun, task: number): EvidenceFact[] {
  const [barrier, optimum] = [run.barriers[task], run.optima[task]];
  return [
    ...(barrier ? barrierFacts(barrier) : []),
    ...(optimum ? optimumFacts(optimum) : []),
    ...(run.geometry ? geometryFacts(run.geometry) : []),
  ];
}

/** What a run says of one task in sentences: verdict or optimum, then what the models can do by themselves. */
export function evidenceSentences(run: ConnectivityRun, task: number): string[] {
  if (run.kind !== 'line') return conclusionsOf(run);
  const verdict = verdictOf(run, task);
  return [...(verdict === null ? [] : [verdict]), ...run.capability.flatMap((check) => (check.task === task ? [check.sentence] : []))];
}

/** How many models a run has scored so far. */
export function scoredCount(run: ConnectivityRun): number {
  switch (run.kind) {
    case 'line':
    case 'plane':
      return run.points.length;
    case 'matrix':
      return run.bases.length + run.finetunes.filter((point) => point !== null).length + run.cells.length;
    default:
      return run satisfies never;
  }
}
