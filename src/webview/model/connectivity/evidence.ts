import { formatNumber } from '../../../base/format.js';
import {
  type Barrier,
  conclusionsOf,
  type ConnectivityRun,
  directionOf,
  formatEstimate,
  formatPosition,
  type Geometry,
  type LineRun,
  lossName,
  type ReportTask,
  type SweepOptimum,
  type TaskScore,
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

/** How a task's scores get worse, in words: losses rise above the chord, a number of which more is better drops below it. */
function worseWords(score: TaskScore | undefined): { readonly change: 'rise' | 'drop'; readonly side: 'above' | 'below' } {
  const isUpwards = score !== undefined && directionOf(score).better === 'higher';
  return isUpwards ? { change: 'drop', side: 'below' } : { change: 'rise', side: 'above' };
}

/** What a task is about where a number stands alone: `nats per token `, `of the error rate `; empty for a command's number. */
function unitNote(task: ReportTask): string {
  const { noun, unit } = lossName(task);
  if (task.kind === 'outside') return '';
  return unit === '' ? `of the ${noun} ` : `${unit.trim()} `;
}

function verdictFact(
  { verdict, standardError, tolerance }: Barrier,
  task: ReportTask,
  { change, side }: ReturnType<typeof worseWords>,
): EvidenceFact {
  const meaning = `What the points say of a ${change} of the curve ${side} the chord; by itself no promise that a transfer works`;
  const fact = { label: 'Verdict', value: verdictNames[verdict], meaning };
  const isToleranceUsed = verdict !== 'undefined' && Number.isFinite(standardError);
  if (!isToleranceUsed) return fact;
  return { ...fact, note: `a ${change} of up to ${formatNumber(tolerance)}${lossName(task).unit} counts as none` };
}

function barrierFacts(barrier: Barrier, task: ReportTask, score: TaskScore | undefined): EvidenceFact[] {
  const { height, standardError, alpha } = barrier;
  const words = worseWords(score);
  const verdict = verdictFact(barrier, task, words);
  if (!Number.isFinite(height)) return [verdict];
  const difference = Number.isFinite(standardError) ? ', from paired differences; ± one standard error' : '';
  return [
    verdict,
    {
      label: `Largest ${words.change}`,
      value: formatEstimate(height, standardError),
      meaning: `The curve ${words.side} the straight line between its ends${difference}`,
      note: `${unitNote(task)}${words.side} the chord, at α = ${formatPosition(alpha)}`,
    },
  ];
}

function optimumFacts(optimum: SweepOptimum, task: ReportTask): EvidenceFact[] {
  const { at, loss, gainOverOne, gainOverOneError, gainOverTarget, gainOverTargetError } = optimum;
  const note = unitNote(task).trim();
  const best = { label: 'Best λ', value: formatPosition(at), meaning: 'The scored λ with the best score' };
  const gains: readonly (readonly [label: string, value: number, error: number, other: string])[] = [
    ['Gain over λ = 1', gainOverOne, gainOverOneError, 'the plain transfer'],
    ['Gain over the target', gainOverTarget, gainOverTargetError, 'the target as it is'],
  ];
  return [
    ...(Number.isFinite(loss) ? [best] : []),
    ...gains.flatMap(([label, value, error, other]) => {
      const paired = Number.isFinite(error) ? ', paired; ± one standard error' : '';
      const meaning = `How much better the best λ scores than ${other}${paired}`;
      return Number.isFinite(value) ? [{ label, value: formatEstimate(value, error), meaning, note }] : [];
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
  const [barrier, optimum, about] = [run.barriers[task], run.optima[task], run.tasks[task]];
  return [
    ...(barrier && about ? barrierFacts(barrier, about, run.points[0]?.scores[task]) : []),
    ...(optimum && about ? optimumFacts(optimum, about) : []),
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
