/** The main job on the bundled samples, as a newcomer would type it: each command is printed before it runs. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const commands = [
  ['inspect', 'samples/base-2'],
  ['diff', 'samples/base-1', 'samples/finetuned-1', '--top', '10'],
  ['diff', 'samples/base-1', 'samples/base-2', '--top', '10'],
];

for (const args of commands) {
  console.log(`\n$ node dist/cli.js ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 2);
}
