/**
 * Measures `inspect`, `diff` and `transfer` against `cat` of the same bytes, as whole processes in turn, medians of five.
 *
 *   npm run bench                              # random base, finetuned and target of 861 MB each, made under out/bench
 *   npm run bench -- --dtypes BF16,F16,F32     # transfers in these dtypes; of several, the first has all tables
 *   npm run bench -- --python PYTHON           # beside scripts/bench/whole_models.py (pip install torch safetensors numpy)
 *   npm run bench -- --family DIR              # base/, finetuned/ and target/ of one file each, whatever their dtype
 *
 * Prints Markdown. Ratios are taken run by run, so that a machine that changes its speed in between does not matter.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { familyFolder } from './bench/makeFamily.mjs';
import { cli, describeMachine, measureProcess, median } from './bench/processes.mjs';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out', 'bench');
const { values: options } = parseArgs({
  options: {
    family: { type: 'string' },
    dtypes: { type: 'string', default: 'BF16' },
    rounds: { type: 'string', default: '5' },
    layers: { type: 'string', default: '24' },
    python: { type: 'string' },
  },
});
const written = join(out, 'written');
const writtenFile = `${written}.safetensors`;

const shell = (command) => ['sh', '-c', command];
const weights = (family, version) => join(family, version, 'model.safetensors');

function wholeModels(job, ...files) {
  const script = join(root, 'scripts', 'bench', 'whole_models.py');
  return options.python ? { [`${job} in PyTorch, whole models`]: [options.python, script, job, ...files] } : {};
}

/** The same weights as PyTorch files, made once. */
function pytorchFiles(family) {
  if (!options.python) return {};
  const [base, target] = ['base', 'target'].map((version) => {
    const folder = join(family, `${version}-pytorch`);
    const file = join(folder, 'pytorch_model.bin');
    const script = join(root, 'scripts', 'bench', 'as_pytorch.py');
    if (!existsSync(file)) execFileSync(options.python, [script, weights(family, version), file]);
    return folder;
  });
  return { 'diff of the same as .bin, 2 workers': cli('diff', base, target, '--json', '--engine', 'simd', '--workers', '2') };
}

/** Of one family. Each table's first job is what the others are divided by. */
function readingTable(family) {
  const [base, target] = [weights(family, 'base'), weights(family, 'target')];
  return {
    'cat A B': shell(`cat ${base} ${target} > /dev/null`),
    'diff, 2 workers': cli('diff', join(family, 'base'), join(family, 'target'), '--json', '--engine', 'simd', '--workers', '2'),
    ...pytorchFiles(family),
    inspect: cli('inspect', join(family, 'base'), '--json'),
    'node -e 0': [process.execPath, '-e', '0'],
    ...wholeModels('diff', base, target),
  };
}

function transfer(family, ...more) {
  const inputs = ['finetuned', 'base', 'target'].flatMap((version) => [`--${version}`, join(family, version)]);
  return cli('transfer', ...inputs, '--out', written, '--workers', '2', '--json', ...more);
}

function copy(family) {
  const [base, finetuned, target] = ['base', 'finetuned', 'target'].map((version) => weights(family, version));
  return `cat ${finetuned} ${base} > /dev/null; cat ${target} > ${writtenFile}`;
}

function unsyncedTable(family) {
  const files = ['finetuned', 'base', 'target'].map((version) => weights(family, version));
  return {
    'cat two, cat third > new': shell(copy(family)),
    'transfer --no-sync, 2 workers': transfer(family, '--no-sync'),
    'transfer --no-sync, λ = 0.3': transfer(family, '--no-sync', '--scale', '0.3'),
    ...wholeModels('transfer', ...files, writtenFile),
  };
}

function syncedTable(family) {
  return {
    'cat two, cat third > new, sync': shell(`${copy(family)}; sync ${writtenFile}`),
    'transfer, 2 workers': transfer(family),
  };
}

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

mkdirSync(out, { recursive: true });
const dtypes = options.dtypes.split(',');
const families = options.family
  ? { '': options.family }
  : Object.fromEntries(dtypes.map((dtype) => [`, ${dtype}`, familyFolder(out, Number(options.layers), dtype)]));
const [[name, first]] = Object.entries(families);
console.log(describeMachine());
printTable(`Reading two versions${name}`, readingTable(first));
for (const [dtype, family] of Object.entries(families)) printTable(`Writing a transfer, without syncing${dtype}`, unsyncedTable(family));
printTable(`Writing a transfer, synced to disk${name}`, syncedTable(first));
for (const path of [written, writtenFile]) rmSync(path, { recursive: true, force: true });
