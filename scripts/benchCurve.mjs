/**
 * Measures loss curves of 1, 11 and 21 points between two random models of 430 million parameters on a text of 512 tokens:
 * the command line, the forward passes alone, and the usual way in PyTorch (merge, write, load and score each point).
 *
 *   npm run bench:curve                                  # makes the models (861 MB each) under out/bench
 *   npm run bench:curve -- --python venv/bin/python      # with the usual way: pip install torch transformers safetensors
 *   npm run bench:curve -- --points 1,11 --rounds 3
 *   npm run bench:curve -- --family DIR                  # base/ and target/ that this or `npm run bench` made
 *
 * Jobs run in turn, and ratios are taken run by run, so that a machine that changes its speed in between does not matter.
 * All three ways have to find the same losses. Prints Markdown.
 */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { extrapolate, requireSameLosses } from './bench/curveRuns.mjs';
import { limitTable, timeTable } from './bench/curveTables.mjs';
import { familyFolder } from './bench/makeFamily.mjs';
import { makeText } from './bench/makeTokenizer.mjs';
import { cli, describeMachine, measureProcess } from './bench/processes.mjs';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out', 'bench');
const { values: options } = parseArgs({
  options: {
    family: { type: 'string' },
    layers: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '5' },
    points: { type: 'string', default: '1,11,21' },
    threads: { type: 'string', default: String(availableParallelism()) },
    python: { type: 'string' },
    'python-points': { type: 'string', default: '1,11' },
    'merge-dtype': { type: 'string', default: 'float64' },
    'score-dtype': { type: 'string', default: 'bfloat16' },
  },
});
const numbers = (list) => list.split(',').map(Number);
const { threads } = options;
const measuredPoints = numbers(options['python-points']);

mkdirSync(out, { recursive: true });
const family = options.family ?? familyFolder(out, Number(options.layers));
const [a, b] = ['base', 'target'].map((version) => join(family, version));
const text = join(out, 'text.txt');
writeFileSync(text, makeText(512));
const merged = join(out, 'merged');
/** Weights are stored in two bytes each. */
const float32ByteLength = 2 * statSync(join(a, 'model.safetensors')).size;

const scoring = ['--task', text, '--threads', threads, '--no-cache', '--json'];
const middle = ['evaluate', 'a + 0.5*(b - a)', '--model', `a=${a}`, '--model', `b=${b}`];
const curve = (points) => cli(...(points === 1 ? middle : ['curve', a, b, '--points', String(points)]), ...scoring);
const forward = (points) => {
  const script = join(root, 'scripts', 'bench', 'forwardPasses.ts');
  return [process.execPath, '--import', 'tsx', script, a, b, '--task', text, '--points', String(points), '--threads', threads];
};
const usual = (points) => {
  const script = join(root, 'scripts', 'bench', 'curve_baseline.py');
  const dtypes = ['--merge-dtype', options['merge-dtype'], '--score-dtype', options['score-dtype']];
  return [options.python, script, a, b, merged, '--text', text, '--points', String(points), '--threads', threads, ...dtypes];
};

/** One run of each job; `seconds` of the forward passes are their own, without the process around them. */
function measureRound(points) {
  const run = (job) => {
    const { output, ...measured } = measureProcess(job, join(out, 'peak'), true);
    return { ...measured, result: JSON.parse(output) };
  };
  const alone = run(forward(points));
  const product = run(curve(points));
  const python = options.python && measuredPoints.includes(points) ? run(usual(points)) : null;
  requireSameLosses(points, { alone, product, python });
  console.error(progressLine(points, { alone, product, python }));
  return { alone: alone.result.seconds, product: product.seconds, peak: product.peak, python: python?.seconds ?? null };
}

function progressLine(points, { alone, product, python }) {
  const steps = python && Object.entries(python.result.seconds).map(([step, seconds]) => `${step} ${seconds.toFixed(1)}`);
  const pythonRun = python ? `, PyTorch ${python.seconds.toFixed(1)} s (${steps.join(', ')})` : '';
  return `${points} points: forward ${alone.result.seconds.toFixed(1)} s, curve ${product.seconds.toFixed(1)} s${pythonRun}`;
}

const usualWay = options.python ? `; PyTorch merges in ${options['merge-dtype']} and scores in ${options['score-dtype']}` : '';
console.log(`${describeMachine()}, ${threads} threads${usualWay}\n`);
measureProcess(curve(1), join(out, 'peak')); // warms the page cache
const rounds = Array.from({ length: Number(options.rounds) }, () =>
  extrapolate(new Map(numbers(options.points).map((points) => [points, measureRound(points)]))),
);
console.log(`${timeTable(rounds)}\n\n${limitTable(rounds, float32ByteLength)}`);
rmSync(merged, { recursive: true, force: true });
