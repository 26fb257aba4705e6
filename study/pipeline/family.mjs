/** The models of the study by name, and where they lie. */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const study = join(import.meta.dirname, '..');
export const work = join(study, '.work');
/** The shipped models, from which the untrained part can be repeated. */
export const checkpoints = join(study, 'checkpoints');

/** Releases of one pretraining run, oldest first. */
export const series = ['m1', 'm2', 'm3', 'm4', 'm5'];
export const other = 'other';
/** Every base that was fine-tuned on French. */
export const bases = [...series, other];

/** Every model that the untrained part of the study needs. */
const shipped = [...bases, ...bases.map((name) => `${name}-french`), 'm3-turkish', 'm3-database'];

const samples = join(study, '..', 'samples', 'text');
export const texts = {
  english: join(samples, 'english.txt'),
  french: join(samples, 'french.txt'),
  database: join(samples, 'database.txt'),
  python: join(samples, 'python.txt'),
  turkish: join(study, 'text', 'turkish.txt'),
  frenchOrder: join(study, 'text', 'french-order.jsonl'),
  turkishOrder: join(study, 'text', 'turkish-order.jsonl'),
};

/** A seed whose models are there: its number, their folder, and where its results go. */
export function openSeed(seed, models, results) {
  return { seed, results: join(results, `seed-${seed}`), model: (name) => join(models, `seed-${seed}`, name) };
}

/** Numbers of the seeds that have a folder in `models`. @throws when there is none */
export function seedsIn(models) {
  const names = existsSync(models) ? readdirSync(models) : [];
  const seeds = names.flatMap((name) => /^seed-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  if (seeds.length === 0) throw new Error(`${models} holds no seed-N folder with models. Train them first: npm run study -- --seeds 1.`);
  return seeds.sort((a, b) => a - b);
}

export function pairs(names) {
  return names.flatMap((a, index) => names.slice(index + 1).map((b) => [a, b]));
}

/** Every source with every other target. */
export function orderedPairs(names) {
  return names.flatMap((source) => names.filter((target) => target !== source).map((target) => [source, target]));
}

/** Copies a trained seed's models to the shipped ones. */
export function ship({ seed, model }) {
  for (const name of shipped) cpSync(model(name), join(checkpoints, `seed-${seed}`, name), { recursive: true });
}
