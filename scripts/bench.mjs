/**
 * Measures `inspect` and `diff` against `cat` of the same files, as whole processes, in turn, medians of five.
 *
 *   npm run bench                                    # makes a random pair of 861 MB each under out/bench
 *   npm run bench -- --a DIR --b DIR                 # any two checkpoints of one file each
 *   npm run bench -- --baseline 'python3 baseline.py diff A B'    # also another command, A and B replaced by the files
 *
 * Prints a Markdown table. Ratios are taken run by run, so that a machine that slows down in between does not matter.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFamily } from './bench/makeFamily.mjs';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out', 'bench');
const { values: options } = parseArgs({
  options: { a: { type: 'string' }, b: { type: 'string' }, baseline: { type: 'string' }, rounds: { type: 'string', default: '5' }, layers: { type: 'string', default: '24' } },
});

function inputs() {
  if (options.a && options.b) return [options.a, options.b];
  const folder = join(out, `family-${options.layers}`);
  if (!existsSync(join(folder, 'target', 'config.json'))) {
    console.error('Making a random pair of checkpoints (once) …');
    makeFamily(folder, Number(options.layers));
  }
  return [join(folder, 'base'), join(folder, 'target')];
}

/** Wall-clock seconds and, where the process reports it, peak memory of one run. */
function measure([program, ...args]) {
  const peakFile = join(out, 'peak');
  const started = performance.now();
  const { status, stderr } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, MODEL_REBASE_PEAK: peakFile } });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${String(stderr)}`);
  return { seconds, peak: program === process.execPath ? Number(readFileSync(peakFile, 'utf8')) : null };
}

const weights = (path) => (path.endsWith('.safetensors') ? path : join(path, 'model.safetensors'));
const median = (numbers) => numbers.toSorted((x, y) => x - y)[Math.floor(numbers.length / 2)];
const cli = (...args) => [process.execPath, '--import', join(root, 'scripts', 'bench', 'reportPeak.mjs'), join(root, 'dist', 'cli.js'), ...args];

mkdirSync(out, { recursive: true });
const [a, b] = inputs();
const jobs = {
  'cat A B': ['sh', '-c', 'exec cat "$0" "$1" > /dev/null', weights(a), weights(b)],
  'diff, 2 workers': cli('diff', a, b, '--json', '--engine', 'simd', '--workers', '2'),
  'inspect': cli('inspect', a, '--json'),
  'node -e 0': [process.execPath, '-e', '0'],
};
if (options.baseline) jobs.baseline = ['sh', '-c', options.baseline.replace(/\bA\b/, weights(a)).replace(/\bB\b/, weights(b))];

const runs = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
for (let round = -1; round < Number(options.rounds); round++) {
  for (const [name, command] of Object.entries(jobs)) {
    const result = measure(command);
    if (round >= 0) runs[name].push(result); // the first round warms the page cache
  }
}

const version = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
console.log(`${cpus()[0].model.trim()}, ${availableParallelism()} processors, Node ${process.version}, commit ${version}\n`);
console.log('| job | median s | min–max s | × `cat` (median of runs) | peak memory |\n|---|---|---|---|---|');
for (const [name, results] of Object.entries(runs)) {
  const seconds = results.map((result) => result.seconds);
  const ratio = median(results.map((result, i) => result.seconds / runs['cat A B'][i].seconds));
  const peak = results[0].peak === null ? '' : `${(Math.max(...results.map((result) => result.peak)) / 1e6).toFixed(0)} MB`;
  console.log(`| ${name} | ${median(seconds).toFixed(3)} | ${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)} | ${ratio.toFixed(2)} | ${peak} |`);
}
