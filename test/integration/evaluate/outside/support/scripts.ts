import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutsideCommand } from '../../../../../src/evaluate/index.js';

/** A command that runs a script in Node; `value` is the path of its number. */
export function nodeCommand(script: string, value = '', more: Partial<OutsideCommand> & { args?: readonly string[] } = {}): OutsideCommand {
  const { args = ['{model}'], ...rest } = more;
  return { command: [process.execPath, '-e', script, ...args], value, higherIsBetter: true, timeoutSeconds: null, ...rest };
}

/** A command that runs a shell script, which starts faster: `$0` is the model, `$1` the output's file. */
export function shellCommand(
  script: string,
  value = '',
  more: Partial<OutsideCommand> & { args?: readonly string[] } = {},
): OutsideCommand {
  const { args = ['{model}'], ...rest } = more;
  return { ...nodeCommand('', value, rest), command: ['sh', '-c', script, ...args] };
}

/**
 * A command that starts a child, which starts a grandchild; all ignore SIGTERM and run until they are killed. Their ids are
 * written to `file` once all run; then the shell goes on with `last`.
 */
export function stubbornFamily(file: string, last = 'wait', more: Partial<OutsideCommand> = {}): OutsideCommand {
  const script = `
    trap '' TERM
    (sleep 1000 & echo $! > '${file}.grandchild'; wait) & child=$!
    until [ -s '${file}.grandchild' ]; do sleep 0.01; done
    echo "[$$, $child, $(cat '${file}.grandchild')]" > '${file}.new'; mv '${file}.new' '${file}'
    ${last}`;
  return shellCommand(script, '', more);
}

/** The ids that a stubborn family wrote, once it has. */
export async function familyOf(file: string): Promise<number[]> {
  while (!existsSync(file)) await delay(10);
  return JSON.parse(await readFile(file, 'utf8')) as number[];
}

/** Of these processes, the ones that run. One that has ended but that nobody has taken note of does not. */
export async function running(pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, i) => /\) [^ZX] /.test(states[i]!));
}
