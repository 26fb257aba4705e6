/** What the commands printed, by what it means. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bases } from './family.mjs';

function read(seed, file) {
  return JSON.parse(readFileSync(join(seed.results, file), 'utf8'));
}

export function readRun(seed, name) {
  return read(seed, `${name}.connectivity.json`);
}

/** The number of a score: loss in nats per token, or accuracy. */
export function value(score) {
  return Number(score.kind === 'choice' ? score.accuracy : score.loss);
}

/** The matrix' numbers of a task by model names: `base`, `finetuned`, `cell` and the fraction of the gain `recovered`. */
export function readMatrix(seed, task) {
  const run = readRun(seed, 'matrix');
  const at = (points, name) => value(points[bases.indexOf(name)].scores[task]);
  const cellOf = (source, target) => run.cells.find((cell) => bases[cell.source] === source && bases[cell.target] === target);
  return {
    base: (name) => at(run.bases, name),
    finetuned: (name) => at(run.finetunes, name),
    cell: (source, target) => value(cellOf(source, target).scores[task]),
    recovered: (source, target) => cellOf(source, target).recovered[task],
  };
}

/** The scores of `evaluate` by the model's name or formula: one number for each task. */
export function readScores(seed, name) {
  return new Map(read(seed, `${name}.json`).candidates.map(({ label, scores }) => [label, scores.map(value)]));
}

export function readRounds(seed) {
  return read(seed, 'rounds.json');
}

/** The barrier of a line, and how its versions lie to each other. */
export function readLine(seed, name) {
  const { barriers, geometry } = readRun(seed, name);
  return { barrier: barriers[0], geometry };
}
