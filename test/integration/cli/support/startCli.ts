import { spawn, type ChildProcessWithoutNullStreams, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root, type Outcome } from './runCli.js';

export const cli = join(root, 'dist', 'cli.js');

/** Runs a command line as a process of its own. */
export function start(
  argv: readonly string[],
  options: SpawnOptionsWithoutStdio = {},
): { readonly child: ChildProcessWithoutNullStreams; readonly outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [cli, ...argv], options);
  const outcome = (async (): Promise<Outcome> => {
    const [stdout, stderr, [code]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  })();
  return { child, outcome };
}

export async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += String(part);
  return text;
}
