import { choiceScore, lossScore, type LossScore, type ReportTask, type TaskScore } from '../../../../src/evaluate/report/index.js';
import type { LinePoint } from '../../../../src/connectivity/index.js';
import { randomNormals } from './random.js';

export const textTask: ReportTask = { name: 'french', path: '/text/french.txt', kind: 'loss', hash: 'french' };
export const questionTask: ReportTask = { name: 'quiz', path: '/text/quiz.jsonl', kind: 'choice', hash: 'quiz' };
export const outsideTask: ReportTask = { name: 'gsm8k', path: 'lm_eval {model}', kind: 'outside', hash: 'gsm8k' };

export interface Noise {
  readonly windows: number;
  /** Standard deviation of what is hard for all models alike, and of what is a model's own; nats per token of a window. */
  readonly shared: number;
  readonly own: number;
}

const windowTokens = 100;
const quiet: Noise = { windows: 64, shared: 0.5, own: 0 };

/** A loss score whose windows scatter about `loss`: the same windows are hard for every seed. Their mean is `loss` when `own` is 0. */
export function noisyScore(loss: number, seed = 0, { windows, shared, own }: Noise = quiet): LossScore {
  const [common, personal] = [randomNormals(4711), randomNormals(seed)];
  const hardness = centred(Array.from({ length: windows }, () => shared * common()));
  const nats = hardness.map((value) => (loss + value + own * personal()) * windowTokens);
  return lossScore(
    nats,
    nats.map(() => windowTokens),
    windows * 300,
  );
}

/** Of so many questions, the first `correct` right. */
export function quizScore(correct: number, count: number): TaskScore {
  const questions = Array.from({ length: count }, (_, i) => ({
    logLikelihoods: [-1, -2],
    byteLengths: [3, 3],
    answer: i < correct ? 0 : 1,
  }));
  return choiceScore(questions);
}

export function outsideScore(value: number, higherIsBetter = true): TaskScore {
  return { kind: 'outside', value, higherIsBetter };
}

export function pointAt(at: number, ...scores: readonly TaskScore[]): LinePoint {
  return { at, formula: `a + ${at}·(b − a)`, scores, nonFinite: [] };
}

/** Points of one task whose losses follow a function. */
export function pointsOn(lossAt: (at: number) => number, positions: readonly number[], noise: Noise = quiet): LinePoint[] {
  return positions.map((at, i) => pointAt(at, noisyScore(lossAt(at), i + 1, noise)));
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
