import type { ReportTask } from '../../evaluate/report/index.js';
import {
  describeBroken,
  directionOf,
  formatEstimate,
  formatPosition,
  isBroken,
  itemNoun,
  lossName,
  lossOf,
  type Direction,
  type LinePoint,
  type SweepOptimum,
} from '../report/index.js';
import { gain, type Estimate } from '../scoring/estimate.js';
import { describeUnmeasured, isMeasurable } from './measurable.js';
import { lowestPoint } from './rises.js';
import { plural } from '../../base/format.js';

/** What the best λ is judged by. */
interface Findings {
  readonly about: ReportTask;
  readonly at: number;
  readonly overOne: Estimate;
  readonly overTarget: Estimate;
  /** Other points than the best. */
  readonly choices: number;
  readonly direction: Direction;
}

/**
 * The λ with the least loss on the grid, and its paired gains over λ = 1 and over the target alone (λ = 0); of equal ones
 * the λ nearest to 0. It was picked for its score, so the gains are larger than on fresh text; the sentence speaks of a gain
 * only where it would stand out had every point been compared.
 * @param task index into every point's scores
 * @returns null when λ = 0 or λ = 1 is missing
 */
export function optimumOf(points: readonly LinePoint[], task: number, about: ReportTask): SweepOptimum | null {
  const [target, one] = [points.find(({ at }) => at === 0), points.find(({ at }) => at === 1)];
  if (target === undefined || one === undefined) return null;
  const best = lowestPoint(points, task) ?? target;
  const score = best.scores[task]!;
  const [overOne, overTarget] = [one, target].map((point) => gain(point.scores[task]!, score)) as [Estimate, Estimate];
  const broken = [target, one, ...points].find((point) => isBroken(point, task));
  const findings = { about, at: best.at, overOne, overTarget, choices: points.length - 1, direction: directionOf(score) };
  return {
    at: best.at,
    loss: lossOf(score),
    gainOverOne: overOne.value,
    gainOverOneError: overOne.standardError,
    gainOverTarget: overTarget.value,
    gainOverTargetError: overTarget.standardError,
    sentence: [
      ...(broken === target || broken === one ? [] : [describeBest(findings), ...edgeRemark(points, best, task)]),
      ...(broken === undefined ? [] : [describeBroken(about, broken, `λ = ${formatPosition(broken.at)}`)]),
    ].join(' '),
  };
}

/** Nothing is said of a range over which nothing changes. */
function edgeRemark(points: readonly LinePoint[], best: LinePoint, task: number): string[] {
  const isAtEdge = best === points[0] || best === points.at(-1);
  const isFlat = points.every(({ scores }) => lossOf(scores[task]!) === lossOf(best.scores[task]!));
  return isAtEdge && !isFlat ? ['It lies at the end of the range: a wider one may hold a better λ.'] : [];
}

function describeBest(findings: Findings): string {
  const { about, at, overTarget, choices, direction } = findings;
  const { noun } = lossName(about);
  const basis = overTarget.itemCount === 0 ? '' : ` over ${plural(overTarget.itemCount, itemNoun(about))}`;
  const one = describeAgainstOne(findings);
  if (at === 0) return `On ${about.name} no λ of the grid has a ${direction.better} ${noun} than the target alone${basis}; ${one}.`;
  const remark = isMeasurable(overTarget, choices) ? '' : ` (${describeUnmeasured(overTarget, about)})`;
  const target = `${amount(about, overTarget)} ${direction.beyond} the target alone${remark}`;
  return `${direction.best} ${noun} on ${about.name} at λ = ${formatPosition(at)}${basis}: ${target}; ${one}.`;
}

function describeAgainstOne({ about, at, overOne, choices, direction }: Findings): string {
  if (at === 1) return 'that is the plain transfer';
  if (isMeasurable(overOne, choices)) return `${amount(about, overOne)} ${direction.beyond} λ = 1`;
  return `against λ = 1 (${amount(about, overOne)}): ${describeUnmeasured(overOne, about)}`;
}

function amount(about: ReportTask, { value, standardError }: Estimate): string {
  return `${formatEstimate(value, standardError)}${lossName(about).unit}`;
}
