/** The main job on the bundled samples, as a newcomer would type it: each command is printed before it runs. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const output = 'out/demo/base-2-french';
rmSync(join(root, output), { recursive: true, force: true });

const onto = (target) => ['--finetuned', 'samples/finetuned-1', '--base', 'samples/base-1', '--target', `samples/${target}`];
const versions = onto('base-2');
const scoring = (text) => ['--task', `samples/text/${text}.txt`, '--window', '256', '--limit', '20'];

const commands = [
  ['inspect', 'samples/base-2'],
  ['diff', 'samples/base-1', 'samples/finetuned-1', '--top', '10'],
  ['transfer', ...versions, '--out', output],
  ['verify', output, '--deep'],
  ['curve', 'samples/base-1', 'samples/base-2', ...scoring('python')],
  ['curve', 'samples/base-1', 'samples/unrelated', ...scoring('english'), '--points', '5'],
  ['sweep', ...versions, ...scoring('french')],
  ['sweep', ...onto('unrelated'), ...scoring('french')],
];

for (const args of commands) {
  console.log(`\n$ node dist/cli.js ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 2);
}
