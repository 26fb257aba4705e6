import { join } from 'node:path';
import { readArchitecture } from '../../../../src/model/architecture/index.js';
import { readSettings } from '../../../../src/model/settings/index.js';
import { modelGraph } from '../../../../src/evaluate/graph/index.js';
import { PlainRunner } from './plainRunner.js';
import { goldens, loadConfig, loadTensors } from './storedModel.js';

/** What scripts/goldens/evaluate_goldens.py computed with transformers. */
export interface Expected {
  /** Right-padded to one length. */
  readonly tokens: readonly (readonly number[])[];
  readonly lengths: readonly number[];
  /** Of the real tokens, one sequence after the other. */
  readonly logits: Float32Array;
  /** Mean loss of each sequence. */
  readonly losses: Float64Array;
}

/** Changes of a golden before its graph is built. */
export interface Changes {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly rename?: (tensor: string) => string;
}

/** A golden's model, ready to run. */
export async function openGolden(name: string, { config = {}, rename = (tensor) => tensor }: Changes = {}): Promise<PlainRunner> {
  const stored = await loadTensors(join(goldens, name, 'model.safetensors'));
  const weights = new Map([...stored.values()].map((tensor) => [rename(tensor.name), { ...tensor, name: rename(tensor.name) }]));
  const architecture = readArchitecture(readSettings({ ...loadConfig(name), ...config }), `${name}/config.json`);
  return new PlainRunner(modelGraph(architecture, [...weights.values()]), weights);
}

export async function loadExpected(name: string): Promise<Expected> {
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

/** Largest absolute difference of the model's logits from the expected ones. */
export async function logitDifference(runner: PlainRunner, { tokens, lengths, logits }: Expected): Promise<number> {
  const actual = await runner.logits(tokens);
  const vocabularySize = actual.length / tokens.flat().length;
  const row = tokens[0]!.length * vocabularySize;
  const real = lengths.flatMap((length, i) => [...actual.subarray(i * row, i * row + length * vocabularySize)]);
  return largestDifference(real, logits);
}

/** Infinity where a value is NaN. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values, expected ${expected.length}`);
  const differences = Array.from(actual, (value, i) => Math.abs(value - expected[i]!));
  return differences.reduce(
    (largest, difference) => (difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference),
    0,
  );
}
