/** The trained part of the study: rounds of recycling-then-finetuning, and fine-tunes from other transferred starts. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { series, texts, work } from './family.mjs';
import { modelRebase, score, train, trainingCommand } from './programs.mjs';

/** Sources and targets of transfers that are fine-tuned further, besides those of the rounds: far sources, forwards and back. */
export const starts = [
  ['m1', 'm5'],
  ['m5', 'm1'],
];

/** Fine-tunes that are fine-tuned once more on their own base: as much training as a round of Δ^dir and its source had together. */
export const controls = ['m3', 'm5'];

/** Steps after which train.py keeps a fine-tune as well. */
export const milestones = [10, 25, 50];
/** Steps of a whole fine-tune. */
export const steps = 100;

export function lineageFile({ seed }, strategy) {
  return join(work, 'rounds', `seed-${seed}`, `${strategy}.lineage.json`);
}

/** The folder of a release's round: `start`, `finetuned`, and its milestones `finetuned-10` …. */
export function roundFolder(seed, strategy, release) {
  return join(lineageFile(seed, strategy).replace(/\.lineage\.json$/, '.rounds'), release);
}

export function startFolder({ seed }, source, target) {
  return join(work, 'rounds', `seed-${seed}`, `${target}-from-${source}`);
}

function controlFolder({ seed }, target) {
  return join(work, 'rounds', `seed-${seed}`, `${target}-twice`);
}

/** A lineage of all releases, the first one with its fine-tune. */
function createLineage(seed, strategy, python) {
  const file = lineageFile(seed, strategy);
  if (existsSync(file)) return file;
  mkdirSync(join(file, '..'), { recursive: true });
  const command = trainingCommand(python, 'finetune', '--start', '{start}', '--out', '{out}', '--seed', `${seed.seed}`);
  modelRebase(['recycle', 'init', file, '--strategy', strategy, '--task', texts.french, '--', ...command]);
  for (const name of series) {
    const finetuned = name === series[0] ? ['--finetuned', seed.model(`${name}-french`)] : [];
    modelRebase(['recycle', 'add', file, '--name', name, '--base', seed.model(name), ...finetuned]);
  }
  return file;
}

/** Δ^dir needs the plain fine-tunes, which are there, and its first round is that of Δ^iter. */
function recordKnown(seed, file) {
  const record = (release, model, more) =>
    modelRebase(['recycle', 'record', file, '--release', release, '--finetuned', model, '--overwrite', ...more]);
  for (const name of series.slice(1)) record(name, seed.model(`${name}-french`), ['--plain']);
  record(series[1], join(roundFolder(seed, 'iterative', series[1]), 'finetuned'), []);
}

function runRounds(file, count) {
  for (let round = 0; round < count; round++) score(['recycle', 'run', file, '--no-score']);
}

/** Fine-tunes a transferred model that belongs to no round. */
function finetuneFrom(seed, source, target, python) {
  const folder = startFolder(seed, source, target);
  const start = join(folder, 'start');
  const models = ['--finetuned', seed.model(`${source}-french`), '--base', seed.model(source), '--target', seed.model(target)];
  if (!existsSync(start)) modelRebase(['transfer', ...models, '--out', start]);
  train(python, 'finetune', '--start', start, '--out', join(folder, 'finetuned'), '--seed', `${seed.seed}`);
}

function finetuneTwice(seed, target, python) {
  const [start, out] = [seed.model(`${target}-french`), join(controlFolder(seed, target), 'finetuned')];
  train(python, 'finetune', '--start', start, '--out', out, '--seed', `${seed.seed}`);
}

/** Trains what is missing. */
export function trainRounds(seed, python) {
  const iterative = createLineage(seed, 'iterative', python);
  runRounds(iterative, series.length - 1);
  const direct = createLineage(seed, 'direct', python);
  recordKnown(seed, direct);
  runRounds(direct, series.length - 2);
  for (const [source, target] of starts) finetuneFrom(seed, source, target, python);
  for (const target of controls) finetuneTwice(seed, target, python);
}

/** Fine-tunes on their way: their names, where they start, and the folder that the milestones' names begin with. */
export function ways(seed) {
  const round = (strategy, name) => {
    const folder = roundFolder(seed, strategy, name);
    return { name: `${strategy}-${name}`, start: join(folder, 'start'), finetuned: join(folder, 'finetuned') };
  };
  return [
    ...series.map((name) => ({ name: `plain-${name}`, start: seed.model(name), finetuned: seed.model(`${name}-french`) })),
    ...series.slice(1).map((name) => round('iterative', name)),
    ...series.slice(2).map((name) => round('direct', name)),
    ...controls.map((target) => ({
      name: `twice-${target}`,
      start: seed.model(`${target}-french`),
      finetuned: join(controlFolder(seed, target), 'finetuned'),
    })),
    ...starts.map(([source, target]) => {
      const folder = startFolder(seed, source, target);
      return { name: `from-${source}-${target}`, start: join(folder, 'start'), finetuned: join(folder, 'finetuned') };
    }),
  ];
}

/** Scores every fine-tune at its start, its milestones and its end, and compares the rounds. */
export function measureRounds(seed) {
  const models = ways(seed).flatMap(({ name, start, finetuned }) => [
    [`${name}-0`, start],
    ...milestones.map((step) => [`${name}-${step}`, `${finetuned}-${step}`]),
    [`${name}-${steps}`, finetuned],
  ]);
  const named = models.flatMap(([name, path]) => ['--model', `${name}=${path}`]);
  const names = models.map(([name]) => name);
  const tasks = ['--task', texts.french, '--task', texts.frenchOrder];
  writeFileSync(join(seed.results, 'ways.json'), score(['evaluate', ...names, ...named, ...tasks, '--json']));
  const lineages = ['iterative', 'direct'].map((strategy) => lineageFile(seed, strategy));
  writeFileSync(join(seed.results, 'rounds.json'), score(['recycle', 'compare', ...lineages, '--json']));
}
