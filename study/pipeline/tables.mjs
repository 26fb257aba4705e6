/** The study's tables as Markdown: means over seeds, ± their standard deviation. */
import { bases, orderedPairs, series } from './family.mjs';
import { markdownTable } from './markdown.mjs';
import { swept } from './measurements.mjs';
import { readLine, readMatrix, readRun, readScores } from './results.mjs';
import { roundTables } from './roundTables.mjs';
import { rankCorrelation, spread } from './statistics.mjs';

/** The paper's Table 3 for a task: rows are sources, columns targets. */
function matrixTable(seeds, title, task, digits, scale) {
  const matrices = seeds.map((seed) => readMatrix(seed, task));
  const row = (name, read) => [
    name,
    ...bases.map((target) =>
      spread(
        matrices.map((matrix) => read(matrix, target)),
        digits,
        scale,
      ),
    ),
  ];
  const cells = (source) => (matrix, target) => (source === target ? null : matrix.cell(source, target));
  return markdownTable(
    title,
    ['', ...bases],
    [
      row('base', (matrix, target) => matrix.base(target)),
      ...bases.map((source) => row(`+ Δ(${source})`, cells(source))),
      row('fine-tuned', (matrix, target) => matrix.finetuned(target)),
    ],
  );
}

function recoveredTable(seeds) {
  const matrices = seeds.map((seed) => readMatrix(seed, 0));
  const cell = (source, target) =>
    spread(
      matrices.map((matrix) => (source === target ? null : matrix.recovered(source, target))),
      0,
      100,
    );
  const rows = bases.map((source) => [`+ Δ(${source})`, ...bases.map((target) => cell(source, target))]);
  return markdownTable("Percent of the target's own fine-tuning gain in loss that a transfer recovers", ['', ...bases], rows);
}

/** What could be known of a transfer beforehand, in the order of its columns. Barriers are the same in both directions but the last. */
const predictors = {
  'barrier of the bases': (seed, source, target) => readLine(seed, unordered('bases', source, target)).barrier.height,
  'barrier of the fine-tunes': (seed, source, target) => readLine(seed, unordered('finetunes', source, target)).barrier.height,
  'barrier to the transfer': (seed, source, target) => readLine(seed, `transferred-${source}-${target}`).barrier.height,
  '‖mₜ − mₛ‖ ∕ ‖Δₛ‖': (seed, source, target) => {
    const { targetMinusBase, diffVector } = readLine(seed, `transferred-${source}-${target}`).geometry;
    return targetMinusBase / diffVector;
  },
};

function unordered(line, a, b) {
  return bases.indexOf(a) < bases.indexOf(b) ? `${line}-${a}-${b}` : `${line}-${b}-${a}`;
}

function pairTable(seeds) {
  const facts = { 'recovered, %': (seed, source, target) => 100 * readMatrix(seed, 0).recovered(source, target), ...predictors };
  const rows = orderedPairs(bases).map(([source, target]) => [
    `${source} → ${target}`,
    ...Object.entries(facts).map(([name, read]) =>
      spread(
        seeds.map((seed) => read(seed, source, target)),
        name.endsWith('%') ? 0 : 2,
      ),
    ),
  ]);
  return markdownTable('Transfer and connectivity, pair by pair (barriers in nats per token)', ['transfer', ...Object.keys(facts)], rows);
}

/** Does the column tell beforehand how much is recovered? Over all pairs, and over those of one pretraining run. */
function predictionTable(seeds) {
  const correlation = (read, names) =>
    seeds.map((seed) => {
      const pairs = orderedPairs(names);
      const recovered = pairs.map(([source, target]) => readMatrix(seed, 0).recovered(source, target));
      return rankCorrelation(
        pairs.map(([source, target]) => read(seed, source, target)),
        recovered,
      );
    });
  const baseLoss = (seed, source, target) => readMatrix(seed, 0).base(target);
  const rows = Object.entries({ ...predictors, "the target's loss on French": baseLoss }).map(([name, read]) => [
    name,
    spread(correlation(read, bases), 2),
    spread(correlation(read, series), 2),
  ]);
  return markdownTable('Rank correlation with the fraction recovered', ['', 'all 30 pairs', `the 20 pairs of m1–m5`], rows);
}

/** Verdicts of a kind of line, counted over pairs and seeds, apart for pairs of one run and of two. */
function verdictTable(seeds) {
  const kinds = {
    'base ↔ base, English': 'bases',
    'fine-tuned ↔ fine-tuned, French': 'finetunes',
    'fine-tuned ↔ transferred, French': 'transferred',
  };
  const lines = (kind, isOther) => {
    const pairs = orderedPairs(bases).filter((pair) => pair.includes('other') === isOther);
    const names = new Set(pairs.map(([a, b]) => (kind === 'transferred' ? `${kind}-${a}-${b}` : unordered(kind, a, b))));
    return seeds.flatMap((seed) => [...names].map((name) => readLine(seed, name).barrier.verdict));
  };
  const count = (verdicts) =>
    ['connected', 'undecided', 'barrier'].map((verdict) => `${verdicts.filter((v) => v === verdict).length} ${verdict}`).join(', ');
  const rows = Object.entries(kinds).map(([name, kind]) => [name, count(lines(kind, false)), count(lines(kind, true))]);
  return markdownTable("The tool's verdicts", ['line', 'pairs of m1–m5', 'pairs with other'], rows);
}

function sweepTable(seeds) {
  const rows = swept.map(([source, target]) => {
    const runs = seeds.map((seed) => readRun(seed, `sweep-${source}-${target}`));
    const best = runs.map(({ optima }) => optima[0]);
    return [
      `${source} → ${target}`,
      spread(
        best.map(({ at }) => at),
        2,
      ),
      spread(best.map(({ loss }) => loss)),
      spread(best.map(({ gainOverOne }) => gainOverOne)),
    ];
  });
  return markdownTable('λ sweeps on French', ['transfer', 'best λ of the grid', 'loss there', 'gain over λ = 1'], rows);
}

function scoreTable(seeds, title, name, columns) {
  const all = seeds.map((seed) => readScores(seed, name));
  const rows = [...all[0].keys()].map((label) => [
    label,
    ...columns.map(({ digits = 3, scale = 1 }, task) =>
      spread(
        all.map((scores) => scores.get(label)[task]),
        digits,
        scale,
      ),
    ),
  ]);
  return markdownTable(title, ['model', ...columns.map(({ header }) => header)], rows);
}

const accuracy = { header: 'word order, %', digits: 1, scale: 100 };
const losses = (...headers) => headers.map((header) => ({ header }));

/** Every table; those of the rounds where `hasRounds`. */
export function allTables(seeds, hasRounds) {
  const note = seeds.length === 1 ? '' : `Means over seeds ${seeds.map(({ seed }) => seed).join(', ')} ± standard deviation.\n`;
  return [
    note,
    matrixTable(seeds, 'Loss on held-out French, nats per token', 0, 3, 1),
    matrixTable(seeds, 'Accuracy on French word order, % (guessing: 25)', 1, 1, 100),
    recoveredTable(seeds),
    pairTable(seeds),
    predictionTable(seeds),
    verdictTable(seeds),
    sweepTable(seeds),
    scoreTable(seeds, 'Turkish', 'turkish', [{ header: 'loss' }, accuracy]),
    scoreTable(seeds, 'Database manual: the target has read it itself', 'database', losses('loss')),
    scoreTable(seeds, 'What is kept besides French', 'kept', losses('english', 'database', 'python')),
    ...(hasRounds ? roundTables(seeds) : []),
  ].join('\n');
}
