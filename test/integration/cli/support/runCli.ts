import { join } from 'node:path';
import { run } from '../../../../src/cli/run.js';
import type { Terminal } from '../../../../src/cli/io.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as on no terminal unless `io` says otherwise. */
export async function runCli(argv: readonly string[], io: Partial<Terminal> = {}): Promise<Outcome> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const code = await run(argv, {
    stdout: (text) => stdout.push(text),
    stderr: (text) => stderr.push(text),
    interactive: false,
    columns: null,
    signal: new AbortController().signal,
    onKill: () => undefined,
    ...io,
  });
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

export const root = join(__dirname, '../../../..');

export function sample(name: string): string {
  return join(root, 'samples', name);
}
