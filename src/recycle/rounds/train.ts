import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { exists } from '../../base/exists.js';
import type { Ownership } from '../../base/ownership/ownership.js';
import { syncFolder } from '../../base/syncFolder.js';
import { fillPlaceholders } from '../../evaluate/outside/index.js';
import { checkFineTune, type FineTuneCheck } from '../disk/checkFineTune.js';
import { UnusableModelError } from '../disk/planDifference.js';
import { failedPath, type RoundPaths } from '../disk/roundPaths.js';
import { claimTraining, moveOwned } from '../disk/trainingOwner.js';
import { makeFolder } from '../../base/makeFolder.js';
import { formatCommandLine } from '../../base/process/commandLine.js';
import { requireProgram } from '../../base/process/findProgram.js';
import { runProcess, type ProcessEnd } from '../../base/process/runProcess.js';
import { withLastLines } from '../../base/process/outsideCommandError.js';
import type { OutputLine } from '../../base/process/commandOutput.js';
import { messageOf } from '../../base/errors.js';
import { problemOf } from '../../base/fileAccess.js';

export interface TrainOptions {
  /** The user's word that a training which seems to be under way has ended. */
  readonly takeOver?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((line: OutputLine) => void) | undefined;
}

/** A fine-tune to be made: what the placeholders of the user's command stand for. */
export interface Training {
  readonly command: readonly string[];
  /** Folder of the lineage file, in which the command starts. */
  readonly workingFolder: string;
  readonly release: string;
  readonly start: string;
  readonly base: string;
  readonly paths: RoundPaths;
}

/** Time to save a checkpoint when training is cancelled. */
const graceMs = 30_000;

/**
 * Runs the user's command and gives what it wrote the name of the result, once it ended with exit code 0 and the model
 * can be used. Cancelling ends its whole process group. What an interrupted command wrote stays where the next run writes
 * again; a model that cannot be used is kept under a name of its own.
 * @throws OutsideCommandError, TrainingUnderWayError, UnusableModelError; the signal's reason when aborted
 */
export async function train(training: Training, options: TrainOptions): Promise<FineTuneCheck> {
  const { paths, workingFolder } = training;
  const command = fillPlaceholders(training.command, {
    start: training.start,
    base: training.base,
    out: paths.partial,
    release: training.release,
  });
  await requireProgram(command[0]!, { workingFolder });
  await makeFolder(paths.folder);
  const ownership = await claimTraining(paths, options.takeOver ?? false);
  const signal = options.signal === undefined ? ownership.lost : AbortSignal.any([options.signal, ownership.lost]);
  try {
    return await ownership.use(() => trainOwned(command, training, ownership, { ...options, signal }));
  } finally {
    await ownership.remove();
  }
}

async function trainOwned(
  command: readonly string[],
  training: Training,
  ownership: Ownership,
  options: TrainOptions,
): Promise<FineTuneCheck> {
  const { paths } = training;
  requireSuccess(await runLogged(command, training, ownership, options), training);
  const check = await checkResult(training, ownership, options.signal);
  await moveOwned(ownership, paths.partial, paths.result);
  await syncFolder(dirname(paths.result));
  return check;
}

async function runLogged(
  command: readonly string[],
  { workingFolder, paths }: Training,
  ownership: Ownership,
  options: TrainOptions,
): Promise<ProcessEnd> {
  const log = createWriteStream(paths.log, { flags: 'a' });
  await once(log, 'open');
  log.on('error', (error) =>
    options.onOutput?.({ stream: 'stderr', text: `${paths.log}: cannot be written (${problemOf(error, 'writing')}).` }),
  );
  log.write(`# ${new Date().toISOString()} ${formatCommandLine(command)}\n`);
  try {
    return await runProcess(command, {
      workingFolder,
      timeoutSeconds: null,
      graceMs,
      mostOutputBytes: Infinity,
      signal: options.signal,
      onStart: (pid) => ownership.addGroup(pid),
      onOutput: (line) => {
        log.write(`${line.text}\n`);
        options.onOutput?.(line);
      },
    });
  } finally {
    await closeLog(log);
  }
}

async function closeLog(log: WriteStream): Promise<void> {
  log.end();
  if (!log.closed) await once(log, 'close');
}

function requireSuccess({ code, signal, lastLines }: ProcessEnd, { command: [program = ''], release, paths }: Training): void {
  if (code === 0) return;
  const how = signal === null ? `ended with exit code ${String(code)}` : `was ended by ${signal}`;
  const kept = `What it wrote stays in ${paths.partial}: the next run gives it the same folder. All its output is in ${paths.log}.`;
  throw withLastLines(`${program} ${how}, so ${release} has no fine-tuned version. ${kept}`, lastLines);
}

async function checkResult(
  { command: [program = ''], base, paths }: Training,
  ownership: Ownership,
  signal?: AbortSignal,
): Promise<FineTuneCheck> {
  if (!(await exists(paths.partial)))
    throw new UnusableModelError(
      `${program} ended with exit code 0 but wrote nothing to ${paths.partial}. Let it write the fine-tuned model into the folder that {out} stands for.`,
    );
  return checkFineTune(paths.partial, base, signal).catch(async (error: unknown) => {
    signal?.throwIfAborted();
    const kept = await setAside(paths, ownership);
    const reason = messageOf(error);
    throw new UnusableModelError(`${reason} What ${program} wrote is kept in ${kept}; its output is in ${paths.log}.`, { cause: error });
  });
}

async function setAside(paths: RoundPaths, ownership: Ownership): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const path = failedPath(paths, attempt);
    if (await exists(path)) continue;
    await moveOwned(ownership, paths.partial, path);
    return path;
  }
}
