/** The programs that the study runs: model-rebase for everything that merges and scores, train.py for what trains. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { study, work } from './family.mjs';

const cli = join(study, '..', 'dist', 'cli.js');
const cache = ['--cache', join(work, 'cache')];

function run(program, args, cwd = study) {
  const { status, error, stdout } = spawnSync(program, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  if (error) throw new Error(`${program} could not be started: ${error.message}.`, { cause: error });
  if (status !== 0) throw new Error(`Exit code ${status}: ${program} ${args.join(' ')}\n${stdout}`);
  return stdout;
}

/** What a command of model-rebase prints. @throws with the command, when it fails */
export function modelRebase(args, cwd = study) {
  if (!existsSync(cli)) throw new Error(`${cli} is missing. Build it first: npm run build.`);
  return run(process.execPath, [cli, ...args], cwd);
}

/** Scores with results kept, so that the study goes on where it was stopped. */
export function score(args, cwd) {
  return modelRebase([...args, ...cache], cwd);
}

/** The command line that runs a job of train.py. */
export function trainingCommand(python, job, ...options) {
  return [python, join(study, 'train.py'), job, ...options];
}

export function train(python, job, ...options) {
  mkdirSync(work, { recursive: true });
  const [program, ...args] = trainingCommand(python, job, ...options);
  process.stdout.write(run(program, args));
}
