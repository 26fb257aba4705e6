import { plural } from '../../compare/report/index.js';
import type { ReportTask } from '../../evaluate/report/index.js';
import { formatEstimate, formatPosition, itemNoun, lossName, lossOf, type LinePoint, type SweepOptimum } from '../report/index.js';
import { gain, type Estimate } from '../scoring/estimate.js';
import { describeUnmeasured, isMeasurable } from './measurable.js';
import { lowestPoint } from './rises.js';

/**
 * The λ with the least loss on the grid, and its paired gains over λ = 1 and over the target alone (λ = 0). It was picked
 * for its score, so the gains are larger than on fresh text; the sentence speaks of a gain only where it would stand out
 * had every point been compared.
 * @param task index into every point's scores
 * @returns null when λ = 0 or λ = 1 is missing, or no point has a finite loss
 */
export function optimumOf(points: readonly LinePoint[], task: number, about: ReportTask): SweepOptimum | null {
  const [target, one] = [points.find(({ at }) => at === 0), points.find(({ at }) => at === 1)];
  const best = lowestPoint(points, task);
  if (target === undefined || one === undefined || best === null) return null;
  const [overOne, overTarget] = [one, target].map((point) => gain(point.scores[task]!, best.scores[task]!)) as [Estimate, Estimate];
  const isAtEdge = best === points[0] || best === points.at(-1);
  return {
    at: best.at,
    loss: lossOf(best.scores[task]!),
    gainOverOne: overOne.value,
    gainOverOneError: overOne.standardError,
    gainOverTarget: overTarget.value,
    gainOverTargetError: overTarget.standardError,
    sentence: describe(about, best.at, overOne, overTarget, points.length - 1) + (isAtEdge ? edgeRemark : ''),
  };
}

const edgeRemark = ' It lies at the end of the range: a wider one may hold a better λ.';

function describe(about: ReportTask, at: number, overOne: Estimate, overTarget: Estimate, choices: number): string {
  const { noun } = lossName(about);
  const basis = overTarget.itemCount === 0 ? '' : ` over ${plural(overTarget.itemCount, itemNoun(about))}`;
  const one = describeAgainstOne(about, at, overOne, choices);
  if (at === 0) return `On ${about.name} no λ of the grid has a lower ${noun} than the target alone${basis}; ${one}.`;
  const isBetter = isMeasurable(overTarget, choices);
  const target = `${amount(about, overTarget)} below the target alone${isBetter ? '' : ` (${describeUnmeasured(overTarget, about)})`}`;
  return `Lowest ${noun} on ${about.name} at λ = ${formatPosition(at)}${basis}: ${target}; ${one}.`;
}

function describeAgainstOne(about: ReportTask, at: number, overOne: Estimate, choices: number): string {
  if (at === 1) return 'that is the plain transfer';
  if (isMeasurable(overOne, choices)) return `${amount(about, overOne)} below λ = 1`;
  return `against λ = 1 (${amount(about, overOne)}): ${describeUnmeasured(overOne, about)}`;
}

function amount(about: ReportTask, { value, standardError }: Estimate): string {
  return `${formatEstimate(value, standardError)}${lossName(about).unit}`;
}
