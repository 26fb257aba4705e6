import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { ChildOrder } from './child.js';

const dist = join(__dirname, '../../../../../dist');

/** Bundles the child beside the built worker and kernels, which it looks for in its own folder. */
export function buildChild(): string {
  const outfile = join(dist, `crash-test-${process.pid}.js`);
  const external = ['webgpu', 'gl', 'gpu.js'];
  buildSync({
    entryPoints: [join(__dirname, 'child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external,
    logLevel: 'error',
  });
  return outfile;
}

export interface ChildEnd {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs the child to its end; with `killAfter`, it is killed so many milliseconds after it has made its plan. */
export function runChild(script: string, order: ChildOrder, killAfter: number | null = null): Promise<ChildEnd> {
  const child = spawn(process.execPath, [script, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  child.stdout.once('data', () => {
    if (killAfter !== null) setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}
