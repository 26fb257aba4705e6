import type { ReportInput, ReportTask, TaskScore } from '../../evaluate/report/index.js';
import {
  formatEstimate,
  formatScore,
  lossName,
  lossOf,
  type CapabilityCheck,
  type LinePath,
  type LinePoint,
  type ReferenceScores,
} from '../report/index.js';
import { gain, type Estimate } from '../scoring/estimate.js';
import { describeUnmeasured, isMeasurable } from './measurable.js';

/** The models that a transfer is judged by, as far as they are scored. */
interface Parties {
  /** What source and target are called in sentences; ends of the path say so, since what is combined there may be less than the model. */
  readonly words: { readonly source: string; readonly target: string };
  readonly source: TaskScore | null;
  readonly finetuned: TaskScore | null;
  readonly target: TaskScore | null;
}

/**
 * What target, source and fine-tune score, or for an interpolation its ends: transfer pays where the fine-tune is ahead of the target, and a
 * target that is behind its source makes less of it (Lin et al. 2025, §§ 4, 5).
 * @param task index into the scores of points and references
 */
export function capabilityOf(
  path: LinePath,
  points: readonly LinePoint[],
  references: readonly ReferenceScores[],
  inputs: readonly Pick<ReportInput, 'role' | 'name'>[],
  task: number,
  about: ReportTask,
): CapabilityCheck {
  const at = (position: number): TaskScore | null => points.find((point) => point.at === position)?.scores[task] ?? null;
  const of = (role: string): TaskScore | null => references.find((reference) => reference.role === role)?.scores[task] ?? null;
  const parties = partiesOf(path, at, of, (role) => inputs.find((input) => input.role === role)?.name ?? role);
  const loss = (score: TaskScore | null): number | null => (score === null ? null : lossOf(score));
  return {
    task,
    sourceLoss: loss(parties.source),
    finetunedLoss: loss(parties.finetuned),
    targetLoss: loss(parties.target),
    sentence: [describeTarget(parties, about), ...describeFinetune(parties, about)].join(' '),
  };
}

function partiesOf(
  path: LinePath,
  at: (position: number) => TaskScore | null,
  of: (role: string) => TaskScore | null,
  nameOf: (role: string) => string,
): Parties {
  const source = 'the source';
  switch (path.kind) {
    case 'interpolate': {
      const words = { source: `α = 0 (${nameOf(path.a)})`, target: `α = 1 (${nameOf(path.b)})` };
      return { words, source: at(0), finetuned: null, target: at(1) };
    }
    case 'transferred':
      return { words: { source, target: 'the target' }, source: of(path.base), finetuned: at(0), target: of(path.target) };
    case 'sweep':
      return { words: { source, target: 'the target (λ = 0)' }, source: of(path.base), finetuned: of(path.finetuned), target: at(0) };
    default:
      return path satisfies never;
  }
}

function describeTarget({ words, source, target }: Parties, about: ReportTask): string {
  if (source === null || target === null) return `On ${about.name}, ${words.source} and ${words.target} are not both scored.`;
  const { noun, unit } = lossName(about);
  const against = `${formatScore(target)}, ${words.source} ${formatScore(source)}${unit}`;
  const verdict = compare(about, gain(source, target), `${words.target} is better`, `${words.target} is worse`);
  return `On ${about.name}, ${words.target} has ${noun} ${against}: ${verdict}.`;
}

function describeFinetune({ finetuned, target }: Parties, about: ReportTask): string[] {
  if (finetuned === null || target === null) return [];
  const verdict = compare(about, gain(target, finetuned), 'there is something to transfer', 'a transfer has nothing to give here');
  return [`The fine-tuned version has ${formatScore(finetuned)}${lossName(about).unit} against the target's: ${verdict}.`];
}

/** `the target is better, by 0.1 ± 0.01`; `no difference beyond noise (0.01 ± 0.02)`. */
function compare(about: ReportTask, difference: Estimate, better: string, worse: string): string {
  const { value, standardError, itemCount } = difference;
  if (Number.isNaN(value)) return 'they cannot be compared';
  const size = { ...difference, value: Math.abs(value) };
  const claim = `${value > 0 ? better : worse}, by ${formatEstimate(size.value, standardError)}`;
  if (isMeasurable(size)) return claim;
  if (itemCount > 0) return `${describeUnmeasured(difference, about)} (${formatEstimate(value, standardError)})`;
  return value === 0 ? 'no difference' : `${claim}, ${describeUnmeasured(difference, about)}`;
}
