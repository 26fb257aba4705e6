/**
 * Measures `inspect`, `diff` and `transfer` against `cat` of the same bytes, as whole processes in turn, medians of five.
 *
 *   npm run bench                              # makes random base, finetuned and target of 861 MB each under out/bench
 *   npm run bench -- --family DIR              # base/, finetuned/ and target/ of one file each
 *   npm run bench -- --diff-baseline 'python3 baseline.py diff BASE TARGET'
 *   npm run bench -- --transfer-baseline 'python3 baseline.py transfer … BASE FINETUNED TARGET OUT'
 *
 * In baselines the capital words stand for the weights' files. Prints Markdown. Ratios are taken run by run, so that a
 * machine that changes its speed in between does not matter.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { familyFolder } from './bench/makeFamily.mjs';
import { cli, describeMachine, measureProcess, median } from './bench/processes.mjs';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out', 'bench');
const { values: options } = parseArgs({
  options: {
    family: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    layers: { type: 'string', default: '24' },
    'diff-baseline': { type: 'string' },
    'transfer-baseline': { type: 'string' },
  },
});

mkdirSync(out, { recursive: true });
const family = options.family ?? familyFolder(out, Number(options.layers));
const [base, finetuned, target] = ['base', 'finetuned', 'target'].map((version) => join(family, version));
const weights = (version) => join(version, 'model.safetensors');
const written = join(out, 'written');
const writtenFile = `${written}.safetensors`;

const shell = (command) => ['sh', '-c', command];
const transfer = (...more) =>
  cli('transfer', '--finetuned', finetuned, '--base', base, '--target', target, '--out', written, '--workers', '2', '--json', ...more);
const copy = `cat ${weights(finetuned)} ${weights(base)} > /dev/null; cat ${weights(target)} > ${writtenFile}`;

function baseline(command) {
  const words = { BASE: weights(base), FINETUNED: weights(finetuned), TARGET: weights(target), OUT: writtenFile };
  return shell(command.replace(/\b(BASE|FINETUNED|TARGET|OUT)\b/g, (word) => words[word]));
}

/** Each table's first job is what the others are divided by. */
const tables = {
  'Reading two versions': {
    'cat A B': shell(`cat ${weights(base)} ${weights(target)} > /dev/null`),
    'diff, 2 workers': cli('diff', base, target, '--json', '--engine', 'simd', '--workers', '2'),
    inspect: cli('inspect', base, '--json'),
    'node -e 0': [process.execPath, '-e', '0'],
    ...(options['diff-baseline'] && { 'baseline script': baseline(options['diff-baseline']) }),
  },
  'Writing a transfer, without syncing': {
    'cat two, cat third > new': shell(copy),
    'transfer --no-sync, 2 workers': transfer('--no-sync'),
    'transfer --no-sync, λ = 0.3': transfer('--no-sync', '--scale', '0.3'),
    ...(options['transfer-baseline'] && { 'baseline script': baseline(options['transfer-baseline']) }),
  },
  'Writing a transfer, synced to disk': {
    'cat two, cat third > new, sync': shell(`${copy}; sync ${writtenFile}`),
    'transfer, 2 workers': transfer(),
  },
};

function measure(job) {
  for (const path of [written, `${written}.partial`, writtenFile]) rmSync(path, { recursive: true, force: true });
  return measureProcess(job, join(out, 'peak'));
}

function printTable(title, jobs) {
  const names = Object.keys(jobs);
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < Number(options.rounds); round++) {
    for (const name of names) {
      const result = measure(jobs[name]);
      if (round >= 0) runs[name].push(result); // the first round warms the page cache
    }
  }
  console.log(`\n**${title}**\n\n| job | median s | min–max s | ratio to the first | peak memory |\n|---|---|---|---|---|`);
  for (const name of names) console.log(row(name, runs[name], runs[names[0]]));
}

function row(name, results, reference) {
  const seconds = results.map((result) => result.seconds);
  const ratio = median(results.map((result, i) => result.seconds / reference[i].seconds));
  const peak = results[0].peak === null ? '' : `${(Math.max(...results.map((result) => result.peak)) / 1e6).toFixed(0)} MB`;
  return `| ${name} | ${median(seconds).toFixed(3)} | ${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)} | ${ratio.toFixed(2)} | ${peak} |`;
}

console.log(describeMachine());
for (const [title, jobs] of Object.entries(tables)) printTable(title, jobs);
for (const path of [written, writtenFile]) rmSync(path, { recursive: true, force: true });
