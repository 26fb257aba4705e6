import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { roles } from '../../../../support/combineFamily.js';

const cli = join(__dirname, '../../../../../dist/cli.js');

/** What happens to a process of a race, so many milliseconds after its start. */
export type Fate =
  | { readonly kind: 'runs' }
  | { readonly kind: 'killed'; readonly afterMs: number }
  /** Stopped, and continued later. */
  | { readonly kind: 'suspended'; readonly afterMs: number; readonly forMs: number };

export interface Racer {
  readonly scale: number;
  readonly flags: readonly string[];
  readonly startMs: number;
  readonly fate: Fate;
}

export interface RacerEnd extends Racer {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

const fates = (random: (below: number) => number): Fate => {
  const which = random(10);
  if (which < 5) return { kind: 'runs' };
  if (which < 7) return { kind: 'killed', afterMs: 50 + random(350) };
  return { kind: 'suspended', afterMs: 50 + random(300), forMs: 50 + random(400) };
};

/** Two or three processes with any flags, which start within a quarter of a second. */
export function drawRacers(random: (below: number) => number): Racer[] {
  return Array.from({ length: 2 + random(2) }, () => {
    const flags = [...(random(2) === 0 ? ['--overwrite'] : []), ...(random(2) === 0 ? ['--resume'] : [])];
    const takesOver = flags.length > 0 && random(4) === 0;
    return {
      scale: [0.5, 1][random(2)]!,
      flags: takesOver ? [...flags, '--take-over'] : flags,
      startMs: random(250),
      fate: fates(random),
    };
  });
}

/** Runs a transfer of the family as a process of the command line. */
export async function race(family: string, output: string, racer: Racer): Promise<RacerEnd> {
  await delay(racer.startMs);
  const inputs = roles.flatMap((role) => [`--${role}`, join(family, role)]);
  const options = ['--out', output, '--no-sync', '--workers', '2', `--scale=${racer.scale}`, ...racer.flags];
  const child = spawn(process.execPath, [cli, 'transfer', ...inputs, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  void befall(racer.fate, (signal) => child.kill(signal));
  const [code, signal] = await closed;
  return { ...racer, pid: child.pid!, code, signal, stderr };
}

async function befall(fate: Fate, send: (signal: NodeJS.Signals) => void): Promise<void> {
  if (fate.kind === 'runs') return;
  await delay(fate.afterMs);
  send(fate.kind === 'killed' ? 'SIGKILL' : 'SIGSTOP');
  if (fate.kind === 'killed') return;
  await delay(fate.forMs);
  send('SIGCONT');
}
