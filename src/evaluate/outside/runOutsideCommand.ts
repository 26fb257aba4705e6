import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutsideCommand } from '../request.js';
import { checkOutsideCommand, fillCommand, writesOutput } from './fillCommand.js';
import { withLastLines } from '../../base/process/outsideCommandError.js';
import { valueInFile, valueInOutput } from './readValue.js';
import { runProcess, type ProcessEnd, type ProcessOptions } from '../../base/process/runProcess.js';

export interface OutsideRun extends Omit<ProcessOptions, 'timeoutSeconds'> {
  /** Folder of the checkpoint to be scored. */
  readonly modelFolder: string;
  /** An existing folder, where `{output}` is made and removed. */
  readonly workFolder: string;
}

/**
 * Runs a command of the user's on a checkpoint and finds the number that it gives: in the file `{output}` where the command
 * names it, else in what it prints. Its processes are gone when the promise settles.
 * @throws OutsideCommandError, the signal's reason when aborted
 */
export async function runOutsideCommand(command: OutsideCommand, run: OutsideRun): Promise<number> {
  await checkOutsideCommand(command, run);
  const folder = await mkdtemp(join(run.workFolder, 'output-'));
  try {
    const files = { model: run.modelFolder, output: join(folder, 'result.json') };
    const end = await runProcess(fillCommand(command.command, files), { ...run, timeoutSeconds: command.timeoutSeconds });
    requireSuccess(end, command);
    return writesOutput(command.command) ? await valueInFile(folder, command.value, end) : valueInOutput(end, command.value);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requireSuccess({ code, signal, lastLines }: ProcessEnd, { command: [program = ''] }: OutsideCommand): void {
  if (code === 0) return;
  const how = signal === null ? `ended with exit code ${String(code)}` : `was ended by ${signal}`;
  throw withLastLines(`${program} ${how}, so there is no score.`, lastLines);
}
