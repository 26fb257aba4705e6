import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../../scripts/vscode/tools.js';

/** Kills the host process of the window that runs. @returns whether there was one */
export function killHostProcess(): boolean {
  const processes = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const ids = processes.filter((line) => line.includes(join(projectRoot, 'dist', 'engine.js'))).map((line) => Number.parseInt(line, 10));
  for (const id of ids) process.kill(id, 'SIGKILL');
  return ids.length > 0;
}
