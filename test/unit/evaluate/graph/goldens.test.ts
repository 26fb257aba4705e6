import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readArchitecture } from '../../../../src/evaluate/architecture/index.js';
import { modelGraph } from '../../../../src/evaluate/graph/index.js';
import { PlainRunner } from './plainRunner.js';
import { goldens, loadConfig, loadTensors } from './storedModel.js';

/** What scripts/goldens/evaluate_goldens.py computed with transformers. */
interface Expected {
  /** Right-padded to one length. */
  readonly tokens: readonly (readonly number[])[];
  readonly lengths: readonly number[];
  /** Of the real tokens, one sequence after the other. */
  readonly logits: Float32Array;
  /** Mean loss of each sequence. */
  readonly losses: Float64Array;
}

describe('model graphs compute what transformers computes', () => {
  for (const name of readdirSync(goldens)) {
    it(name, async () => {
      const { runner, expected, vocabularySize } = await open(name);
      const logits = await runner.logits(expected.tokens);
      assert.ok(largestDifference(realRows(logits, expected, vocabularySize), expected.logits) < 1e-4);
      const losses = await meanLosses(runner, expected);
      assert.ok(largestDifference(losses, expected.losses) < 1e-5);
    });
  }
});

async function open(name: string): Promise<{ runner: PlainRunner; expected: Expected; vocabularySize: number }> {
  const file = join(goldens, name, 'config.json');
  const weights = await loadTensors(join(goldens, name, 'model.safetensors'));
  const model = modelGraph(readArchitecture(loadConfig(name), file), [...weights.values()]);
  return { runner: new PlainRunner(model, weights), expected: await loadExpected(name), vocabularySize: model.vocabularySize };
}

async function loadExpected(name: string): Promise<Expected> {
  const stored = await loadTensors(join(goldens, name, 'expected.safetensors'));
  const lengths = Array.from(new BigInt64Array(stored.get('lengths')!.bytes), Number);
  const flat = Array.from(new BigInt64Array(stored.get('tokens')!.bytes), Number);
  const longest = Math.max(...lengths);
  return {
    tokens: lengths.map((_, i) => flat.slice(i * longest, (i + 1) * longest)),
    lengths,
    logits: new Float32Array(stored.get('logits')!.bytes),
    losses: new Float64Array(stored.get('losses')!.bytes),
  };
}

function realRows(logits: Float32Array, { tokens, lengths }: Expected, vocabularySize: number): number[] {
  const row = tokens[0]!.length * vocabularySize;
  return lengths.flatMap((length, i) => [...logits.subarray(i * row, i * row + length * vocabularySize)]);
}

/** Mean −log p of the tokens after the first of each sequence, from sums over the vocabulary in blocks. */
async function meanLosses(runner: PlainRunner, { tokens, lengths }: Expected): Promise<number[]> {
  const next = tokens.flatMap((sequence) => [...sequence.slice(1), 0]);
  const losses = await runner.losses(tokens, next, 17);
  return lengths.map((length, i) => {
    const first = i * tokens[0]!.length;
    return losses.slice(first, first + length - 1).reduce((sum, loss) => sum + loss, 0) / (length - 1);
  });
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(actual.length, expected.length);
  return Array.from(actual).reduce((largest, value, i) => Math.max(largest, differenceOf(value, expected[i]!)), 0);
}

function differenceOf(a: number, b: number): number {
  const difference = Math.abs(a - b);
  return Number.isNaN(difference) ? Infinity : difference;
}
