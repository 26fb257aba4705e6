import { type ChoiceScore, lossName, type LossScore, type TaskScore } from '../../../connectivity/report/index.js';
import { type Bounds, unbounded } from '../../chart/axis.js';

export const measures = ['loss', 'bitsPerByte', 'perplexity', 'accuracy', 'accuracyNormalised', 'value'] as const;
export type Measure = (typeof measures)[number];

/** A score seen through one measure; NaN where it does not have it. */
export interface Reading {
  readonly value: number;
  readonly standardError: number;
}

interface MeasureFacts {
  readonly label: string;
  /** As the axis names it. */
  readonly axis: string;
  readonly meaning: string;
  /** Behind a number, with its space; empty where the label says all. */
  readonly unit: string;
  readonly bounds: Bounds;
}

const positive: Bounds = { least: 0, most: Infinity };
const share: Bounds = { least: 0, most: 1 };

export const measureFacts: Readonly<Record<Measure, MeasureFacts>> = {
  loss: {
    label: 'Loss',
    axis: 'Loss, nats per token',
    meaning: 'Mean negative log-likelihood of a token, in nats; lower is better',
    unit: lossName({ kind: 'loss' }).unit,
    bounds: positive,
  },
  bitsPerByte: {
    label: 'Bits per byte',
    axis: 'Bits per byte',
    meaning: 'Negative log-likelihood per byte of text, in bits; comparable across vocabularies; lower is better',
    unit: '',
    bounds: positive,
  },
  perplexity: {
    label: 'Perplexity',
    axis: 'Perplexity',
    meaning: 'The exponential of the loss per token; lower is better',
    unit: '',
    bounds: positive,
  },
  accuracy: {
    label: 'Accuracy',
    axis: 'Accuracy',
    meaning: 'Share of right choices by summed log-likelihood; higher is better',
    unit: '',
    bounds: share,
  },
  accuracyNormalised: {
    label: 'Normalised accuracy',
    axis: 'Accuracy, length-normalised',
    meaning: 'Share of right choices by log-likelihood per byte; higher is better',
    unit: '',
    bounds: share,
  },
  value: { label: 'Value', axis: 'Value of the command', meaning: 'The number that the outside command gave', unit: '', bounds: unbounded },
};

/** The measures that scores of a kind have; the first is shown unless another is chosen. */
export function measuresOf(kind: TaskScore['kind']): readonly Measure[] {
  switch (kind) {
    case 'loss':
      return ['loss', 'bitsPerByte', 'perplexity'];
    case 'choice':
      return ['accuracy', 'accuracyNormalised'];
    case 'outside':
      return ['value'];
    default:
      return kind satisfies never;
  }
}

const none: Reading = { value: NaN, standardError: NaN };

/** Standard errors of what is computed from the loss: exact for the linear bits per byte, to first order for perplexity. */
function lossReadings({
  loss,
  standardError,
  bitsPerByte,
  perplexity,
  tokenCount,
  byteCount,
}: LossScore): Partial<Record<Measure, Reading>> {
  return {
    loss: { value: loss, standardError },
    bitsPerByte: { value: bitsPerByte, standardError: (standardError * tokenCount) / (byteCount * Math.LN2) },
    perplexity: { value: perplexity, standardError: standardError * perplexity },
  };
}

function choiceReadings(score: ChoiceScore): Partial<Record<Measure, Reading>> {
  return {
    accuracy: { value: score.accuracy, standardError: score.standardError },
    accuracyNormalised: { value: score.accuracyNormalised, standardError: score.standardErrorNormalised },
  };
}

function readingsOf(score: TaskScore): Partial<Record<Measure, Reading>> {
  switch (score.kind) {
    case 'loss':
      return lossReadings(score);
    case 'choice':
      return choiceReadings(score);
    case 'outside':
      return { value: { value: score.value, standardError: NaN } };
    default:
      return score satisfies never;
  }
}

/** A score through one measure; NaN where there is no score, or it does not have the measure. */
export function readScore(score: TaskScore | undefined, measure: Measure): Reading {
  return (score && readingsOf(score)[measure]) ?? none;
}

/** Whether a larger value is the better one. */
export function isHigherBetter(score: TaskScore): boolean {
  return score.kind === 'choice' || (score.kind === 'outside' && score.higherIsBetter);
}

/**
 * The chord in units of a measure: the straight line between two scores' losses, which is a straight line in every measure
 * that is linear in the loss. Perplexity is not: there it is the exponential of that line.
 */
export function chordValue(measure: Measure, start: number, end: number, alpha: number): number {
  if (measure !== 'perplexity') return (1 - alpha) * start + alpha * end;
  return Math.exp((1 - alpha) * Math.log(start) + alpha * Math.log(end));
}
