import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LinePoint, PointScores, ReportTask } from '../../../../src/connectivity/index.js';
import { lossScore, type LossScore } from '../../../../src/evaluate/report/index.js';
import { root } from './runCli.js';

/** What transformers scores for checkpoints that were written: scripts/goldens/curve_goldens.py. Nats of the first windows. */
const goldens = JSON.parse(readFileSync(join(root, 'test/goldens/curve/expected.json'), 'utf8')) as {
  readonly window: number;
  readonly windows: number;
  readonly scores: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
};

/** Tokens of a window, the leading one included. */
export const goldenWindow = goldens.window;
/** Scored tokens of a window. */
const scored = goldens.window - 1;

/** The score of a written checkpoint, such as `interpolate 0.25` or `sweep 1`. */
export function goldenScore(label: string, text: string): LossScore {
  const nats = goldens.scores[label]![text]!;
  return lossScore(
    nats,
    nats.map(() => scored),
    NaN,
  );
}

/** The first windows of a score: those that the goldens have. */
export function firstWindows(point: PointScores | undefined, task: number): LossScore {
  const score = point?.scores[task];
  assert.ok(score?.kind === 'loss' && score.itemNats.length >= goldens.windows);
  return lossScore(score.itemNats.slice(0, goldens.windows), score.itemTokens.slice(0, goldens.windows), NaN);
}

/** Holds a point's score to the written checkpoint's, window by window. */
export function assertGolden(point: PointScores | undefined, label: string, task = 0, text = 'french'): void {
  const found = firstWindows(point, task).itemNats;
  for (const [window, nats] of goldenScore(label, text).itemNats.entries())
    assert.ok(Math.abs(found[window]! - nats) < 1e-4 * scored, `${label}, ${text}, window ${window}: ${found[window]!}, not ${nats}`);
}

/** A line as the written checkpoints have it. */
export function goldenLine(kind: 'interpolate' | 'sweep' | 'transferred', positions: readonly number[], text: string): LinePoint[] {
  return positions.map((at) => ({ at, formula: `${kind} ${at}`, scores: [goldenScore(`${kind} ${at}`, text)], nonFinite: [] }));
}

/** The same line as a run has it, on the same windows. */
export function runLine(points: readonly LinePoint[], task: number): LinePoint[] {
  return points.map((point) => ({ ...point, scores: [firstWindows(point, task)] }));
}

export const goldenTask = (name: string): ReportTask => ({ name, path: `${name}.txt`, kind: 'loss', hash: name });
