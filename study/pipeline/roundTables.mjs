/** Tables of what was trained from transferred starts. */
import { series } from './family.mjs';
import { readRounds, readScores } from './results.mjs';
import { milestones, steps, ways } from './rounds.mjs';
import { spread } from './statistics.mjs';
import { markdownTable } from './markdown.mjs';

const kept = [0, ...milestones, steps];

/** What a way is called in a table. */
function title(name) {
  const [kind, a, b] = name.split('-');
  switch (kind) {
    case 'plain':
      return `${a}, plainly`;
    case 'twice':
      return `${a}, plainly and once more`;
    case 'from':
      return `${b} + Δ(${a})`;
    default:
      return `${a}, Δ ${kind}`;
  }
}

function targetOf(name) {
  return name.split('-').at(-1);
}

/** One row for each fine-tune, one column for each milestone, grouped by target. */
function waysTable(seeds, heading, task, digits, scale) {
  const all = seeds.map((seed) => readScores(seed, 'ways'));
  const names = ways(seeds[0]).map(({ name }) => name);
  const ordered = series.flatMap((target) => names.filter((name) => targetOf(name) === target));
  const rows = ordered.map((name) => [
    title(name),
    ...kept.map((step) =>
      spread(
        all.map((scores) => scores.get(`${name}-${step}`)[task]),
        digits,
        scale,
      ),
    ),
  ]);
  return markdownTable(heading, ['fine-tuned from', ...kept.map((step) => (step === 0 ? 'start' : `${step} steps`))], rows);
}

/** Norms of the diff vectors and their cosines from round to round. */
function diffVectorTable(seeds) {
  const reports = seeds.map(readRounds);
  const rows = series.map((name) => [
    name,
    ...reports[0].lineages.flatMap((_, index) => {
      const rounds = reports.map(({ lineages }) => lineages[index].rounds.find(({ release }) => release === name).diffVector);
      return [
        spread(
          rounds.map((round) => round?.norm),
          2,
        ),
        spread(
          rounds.map((round) => round?.cosine),
          2,
        ),
      ];
    }),
  ]);
  const header = reports[0].lineages.flatMap(({ strategy }) => [`‖Δ‖ ${strategy}`, `cos to the round before, ${strategy}`]);
  return markdownTable('Diff vectors from round to round', ['release', ...header], rows);
}

export function roundTables(seeds) {
  return [
    waysTable(seeds, 'Fine-tuning from the base and from transferred starts: loss on French', 0, 3, 1),
    waysTable(seeds, 'The same: accuracy on French word order, %', 1, 1, 100),
    diffVectorTable(seeds),
  ];
}
