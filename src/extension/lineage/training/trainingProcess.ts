import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { roundsFolder } from '../lineageRoom.js';
import { ProcessGroup } from '../../../base/process/processGroup.js';

/** The user's command has 30 s to save a checkpoint when it is stopped, and the round's end takes a moment. */
const graceMs = 45_000;

/** What a lineage's round printed last, from its beginning to its scores. */
export function runLog(lineage: string): string {
  return join(roundsFolder(lineage), 'run.log');
}

/**
 * `recycle run` in a process of its own that outlives the window: training goes on when VS Code is reloaded, disconnected
 * or closed. It prints to a file, since a pipe would break with its reader.
 */
export class TrainingProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** Exit code; 1 when a signal ended it. */
    readonly ended: Promise<number>,
  ) {}

  /** @param commandLine The bundle of the command line. @throws when the process cannot be started */
  static async start(commandLine: string, lineage: string): Promise<TrainingProcess> {
    const log = runLog(lineage);
    await mkdir(dirname(log), { recursive: true });
    const output = await open(log, 'w');
    try {
      const child = spawn(process.execPath, [commandLine, 'recycle', 'run', lineage], {
        cwd: dirname(lineage),
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, // on the desktop, execPath is VS Code itself
        detached: true,
        stdio: ['ignore', output.fd, output.fd],
        windowsHide: true,
      });
      await once(child, 'spawn');
      child.unref();
      const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
      return new TrainingProcess(child, ended);
    } finally {
      await output.close();
    }
  }

  /** Asks it to end: the command may save its checkpoint, and what it wrote stays for the next run. */
  async stop(): Promise<void> {
    const { pid } = this.child;
    if (pid !== undefined && this.child.exitCode === null) await new ProcessGroup(pid).end(graceMs);
  }
}
