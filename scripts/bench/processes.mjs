/** Runs whole processes and measures them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** The built command line, with its peak memory reported. */
export const cli = (...args) => [
  process.execPath,
  '--require',
  join(root, 'scripts', 'bench', 'reportPeak.cjs'),
  join(root, 'dist', 'cli.js'),
  ...args,
];

/** Seconds of a process, and its peak memory in bytes where it reports it to `peakFile`. `output` is kept only when asked for. */
export function measureProcess([program, ...args], peakFile, keepOutput = false) {
  rmSync(peakFile, { force: true });
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', keepOutput ? 'pipe' : 'ignore', 'pipe'],
    env: { ...process.env, MODEL_REBASE_PEAK: peakFile },
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${error?.message ?? String(stderr)}`);
  return { seconds, peak: existsSync(peakFile) ? Number(readFileSync(peakFile, 'utf8')) : null, output: String(stdout ?? '') };
}

export const median = (numbers) => numbers.toSorted((x, y) => x - y)[Math.floor(numbers.length / 2)];

/** Where and what was measured, as one line. */
export function describeMachine() {
  const version = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  return `${cpus()[0].model.trim()}, ${availableParallelism()} processors, Node ${process.version}, commit ${version}`;
}
