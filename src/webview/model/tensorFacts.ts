import type { TensorDiff } from '../../compare/report/index.js';
import { formatCompact, formatCosine, formatCount, formatNumber, formatShare } from '../../base/format.js';

export interface TensorFact {
  readonly label: string;
  readonly value: string;
  readonly meaning: string;
}

/** Row and column of a flat index, with all leading dimensions folded into rows: `[12, 3]`. */
export function indexText(flatIndex: number, shape: readonly number[]): string {
  const position: number[] = [];
  let rest = flatIndex;
  for (const size of shape.toReversed()) {
    position.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${position.join(', ')}]`;
}

function largestText({ maxAbsDelta, maxAbsDeltaIndex, shapeA, shapeB }: TensorDiff): string {
  const value = formatNumber(maxAbsDelta);
  const shape = shapeA ?? shapeB;
  // A grown tensor is compared on its shared rows; every dimension but the first is the same on both sides.
  return maxAbsDeltaIndex === null || !shape ? value : `${value} at ${indexText(maxAbsDeltaIndex, shape)}`;
}

function sharedOf(count: number | null, compared: number | null): string {
  if (count === null || !compared) return formatCount(count);
  return `${formatCount(count)} (${formatShare(count / compared)})`;
}

/** Every statistic of one tensor, in reading order. */
export function tensorFacts(tensor: TensorDiff): TensorFact[] {
  const fact = (label: string, value: string, meaning: string): TensorFact => ({ label, value, meaning });
  return [
    fact('‖Δ‖/‖A‖', formatNumber(tensor.relativeChange), 'Relative change'),
    fact('Cosine', formatCosine(tensor.cosine), 'Cosine of the angle between A and B'),
    fact('‖A‖', formatNumber(tensor.normA), 'Euclidean norm of A over the compared weights'),
    fact('‖B‖', formatNumber(tensor.normB), 'Euclidean norm of B over the compared weights'),
    fact('‖Δ‖', formatNumber(tensor.normDelta), 'Euclidean norm of B − A'),
    fact('Mean Δ', formatNumber(tensor.meanDelta), 'Mean of B − A'),
    fact('Largest |Δ|', largestText(tensor), 'Largest absolute difference, and the first place that has it'),
    fact('Changed', sharedOf(tensor.changedCount, tensor.comparedCount), 'Weights whose value differs'),
    fact('Sign flips', sharedOf(tensor.signFlips, tensor.comparedCount), 'Positive on one side, negative on the other'),
    fact('Compared', formatCompact(tensor.comparedCount), 'Weights that are finite on both sides'),
    ...(tensor.codes === null ? [] : [fact('Codes', codesText(tensor), 'Codes of quantised weights, compared as bytes')]),
    fact('NaN or ∞', `A ${formatCount(tensor.nonFiniteA)} · B ${formatCount(tensor.nonFiniteB)}`, 'Weights that are not finite numbers'),
  ];
}

/** `12 of 4,096 codes differ`; empty where no codes were compared. */
export function codesText({ codes }: Pick<TensorDiff, 'codes'>): string {
  return codes === null ? '' : `${formatCount(codes.changed)} of ${formatCount(codes.compared)} codes differ`;
}

/** `4096 × 4096`, or the change of shape. */
export function shapeText({ shapeA, shapeB }: Pick<TensorDiff, 'shapeA' | 'shapeB'>): string {
  const texts = [shapeA, shapeB].filter((shape) => shape !== null).map((shape) => shape.join(' × ') || 'scalar');
  return [...new Set(texts)].join(' → ');
}

/** The storage type, or how the weights are quantised, and its change. */
export function dtypeText({
  dtypeA,
  dtypeB,
  schemeA = null,
  schemeB = null,
}: Pick<TensorDiff, 'dtypeA' | 'dtypeB'> & Partial<Pick<TensorDiff, 'schemeA' | 'schemeB'>>): string {
  return [...new Set([schemeA ?? dtypeA, schemeB ?? dtypeB].filter((dtype) => dtype !== null))].join(' → ');
}
