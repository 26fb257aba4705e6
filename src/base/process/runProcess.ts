import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandOutput, type OutputOptions } from './commandOutput.js';
import { environmentOf, notFound, type CommandPlace } from './findProgram.js';
import { OutsideCommandError } from './outsideCommandError.js';
import { ProcessGroup } from './processGroup.js';
import { Stop, type StopOptions } from './stop.js';

export interface ProcessOptions extends CommandPlace, OutputOptions, StopOptions {
  /** How long processes may take to end when they are asked to. */
  readonly graceMs?: number | undefined;
  /** Gets the id of the process, which leads its group, as soon as it is there. */
  readonly onStart?: ((pid: number) => void) | undefined;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last mebibyte of what it printed. */
  readonly stdout: string;
  readonly lastLines: readonly string[];
}

const defaultGraceMs = 5000;
/** A process that left the group may hold the pipes open for ever; what the command wrote is here long before this. */
const drainMs = 5000;

/**
 * Runs a program, without a shell, to its end; then nothing that it started is left, short of what left its process group.
 * @throws OutsideCommandError when it cannot start, takes too long or prints too much; the signal's reason when aborted
 */
export async function runProcess(command: readonly string[], options: ProcessOptions): Promise<ProcessEnd> {
  options.signal?.throwIfAborted();
  const child = await start(command, options);
  const group = new ProcessGroup(child.pid!);
  options.onStart?.(child.pid!);
  const stop = new Stop(options);
  const output = new CommandOutput(child, options, (error) => stop.now(error));
  const closed = once(child, 'close');
  await Promise.race([exitOf(child), stop.requested]);
  stop.dispose();
  await group.end(options.graceMs ?? defaultGraceMs);
  await Promise.race([closed, delay(drainMs, undefined, { ref: false })]);
  output.end();
  stop.throwIfRequested(output.lastLines);
  return { code: child.exitCode, signal: child.signalCode, stdout: output.stdout.text(), lastLines: output.lastLines };
}

async function start([program = '', ...args]: readonly string[], options: ProcessOptions): Promise<ChildProcess> {
  try {
    const child = spawn(program, args, {
      cwd: options.workingFolder,
      env: environmentOf(options),
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    await once(child, 'spawn');
    return child;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'EACCES') throw notFound(program, error);
    throw new OutsideCommandError(`${program} could not be started: ${String(error)}. Check its arguments.`, { cause: error });
  }
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
