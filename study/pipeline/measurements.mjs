/** The untrained part of the study: for every seed a list of commands, as plain data. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bases, orderedPairs, other, pairs, texts } from './family.mjs';
import { score } from './programs.mjs';

/** Pairs whose λ sweep is made: near, across the change of data, far, and between random starts. */
export const swept = [
  ['m4', 'm5'],
  ['m3', 'm5'],
  ['m1', 'm5'],
  [other, 'm5'],
];

/** A dozen windows tell rises of hundredths of a nat apart: differences along a line are paired. */
const barrierPoints = ['--points', '6', '--limit', '12'];
const withoutDistances = ['--no-geometry'];
const tasks = (...paths) => paths.flatMap((path) => ['--task', path]);
const formula = (source, target, kind) => `${target} + (${source}-${kind} - ${source})`;

function matrix(seed) {
  const file = join(seed.results, 'matrix.json');
  const versions = bases.map((name) => ({ name, base: seed.model(name), finetuned: seed.model(`${name}-french`) }));
  mkdirSync(seed.results, { recursive: true });
  writeFileSync(file, JSON.stringify({ tasks: [texts.french, texts.frenchOrder], versions }));
  return { name: 'matrix', args: ['matrix', file] };
}

/** The three lines on which connectivity can be judged: between bases, between fine-tunes, and from fine-tune to transfer. */
function lines(seed) {
  const { model } = seed;
  const french = (name) => model(`${name}-french`);
  const curve = (name, ends, task, more) => ({ name, args: ['curve', ...ends, ...tasks(task), ...barrierPoints, ...more] });
  return [
    ...pairs(bases).map(([a, b]) => curve(`bases-${a}-${b}`, [model(a), model(b)], texts.english, withoutDistances)),
    ...pairs(bases).map(([a, b]) => curve(`finetunes-${a}-${b}`, [french(a), french(b)], texts.french, withoutDistances)),
    ...orderedPairs(bases).map(([source, target]) =>
      curve(`transferred-${source}-${target}`, [french(source), model(target)], texts.french, [
        '--path',
        'transferred',
        '--base',
        model(source),
      ]),
    ),
  ];
}

function sweeps({ model }) {
  return swept.map(([source, target]) => ({
    name: `sweep-${source}-${target}`,
    args: ['sweep', '--finetuned', model(`${source}-french`), '--base', model(source), '--target', model(target), ...tasks(texts.french)],
  }));
}

/** Scores of single models and sums, by their names. */
function scores(seed, name, expressions, ...taskPaths) {
  const names = [...new Set(expressions.flatMap((expression) => expression.match(/[a-z][\w-]*/g) ?? []))];
  const models = names.flatMap((model) => ['--model', `${model}=${seed.model(model)}`]);
  return { name, args: ['evaluate', ...expressions, ...models, ...tasks(...taskPaths)] };
}

/** What each command is called, and its arguments. */
export function measurementsOf(seed) {
  return [
    matrix(seed),
    ...lines(seed),
    ...sweeps(seed),
    scores(
      seed,
      'turkish',
      ['m3', 'm4', 'm5', 'm3-turkish', formula('m3', 'm4', 'turkish'), formula('m3', 'm5', 'turkish')],
      texts.turkish,
      texts.turkishOrder,
    ),
    scores(
      seed,
      'database',
      ['m3', 'm4', 'm5', 'm3-database', formula('m3', 'm4', 'database'), formula('m3', 'm5', 'database')],
      texts.database,
    ),
    scores(
      seed,
      'kept',
      ['m3', 'm5', 'm3-french', 'm5-french', formula('m3', 'm5', 'french'), formula('m4', 'm5', 'french')],
      texts.english,
      texts.database,
      texts.python,
    ),
  ];
}

/** Runs the commands of a seed. Runs are kept as `NAME.connectivity.json`, scores as `NAME.json`. */
export function measure(seed) {
  for (const { name, args } of measurementsOf(seed)) {
    console.log(`seed ${seed.seed}: ${name}`);
    if (args[0] === 'evaluate') writeFileSync(join(seed.results, `${name}.json`), score([...args, '--json']));
    else score([...args, '--out', join(seed.results, `${name}.connectivity.json`), '--overwrite']);
  }
}
