import type { LineRun, MatrixRun, PointScores } from '../../../src/connectivity/report/index.js';
import { barrierRun, lossScore, matrixRun } from './connectivityFixtures.js';

/** A line between models with the long names that hubs give them. */
export function longNameRun(): LineRun {
  const [a, b] = [
    'meta-llama-Llama-3.1-8B-Instruct-finetuned-on-french-legal-text-v2',
    'meta-llama-Llama-3.1-8B-Instruct-base-release-2026',
  ];
  const run = barrierRun();
  const inputs = run.inputs.map((input, index) => ({ ...input, name: index === 0 ? a : b }));
  return {
    ...run,
    title: `${a} ↔ ${b}`,
    inputs,
    tasks: run.tasks.map((task) => ({ ...task, name: `a-task-of-a-rather-long-name-${task.name}` })),
  };
}

const names = Array.from({ length: 8 }, (_, index) => `a-rather-long-version-name-${index}-of-8`);

/** Eight versions whose names differ near their ends, with a sentence for each of them. */
export function bigMatrixRun(): MatrixRun {
  const point = (formula: string, loss: number): PointScores => ({ formula, scores: [lossScore(loss)], nonFinite: [] });
  const pairs = names.flatMap((_, source) => names.flatMap((__, target) => (source === target ? [] : [{ source, target }])));
  return {
    ...matrixRun(),
    title: `Transfer matrix of ${names.join(', ')}`,
    inputs: names.map((name) => ({ role: `${name} base`, name, path: `/models/${name}`, identity: name })),
    versions: names.map((name) => ({ name, base: `${name} base`, finetuned: `${name} fine-tuned` })),
    bases: names.map((name) => point(name, 3.5)),
    finetunes: names.map((name) => point(`${name} fine-tuned`, 2.8)),
    cells: pairs.map(({ source, target }) => ({
      ...point(`"${names[target]!} base" + 1.0·("${names[source]!} fine-tuned" − "${names[source]!} base")`, 3.5 - (target - source) / 9),
      source,
      target,
      recovered: [(target - source) / 9 / 0.7],
      recoveredError: [0.05],
    })),
  };
}
