import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { runOutsideCommand, type OutsideRun } from '../../../../src/evaluate/outside/index.js';
import type { OutsideCommand } from '../../../../src/evaluate/index.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { nodeCommand, shellCommand } from './support/scripts.js';
import type { OutputLine } from '../../../../src/base/process/commandOutput.js';

describe('an outside command', () => {
  const path = temporaryFolder();

  /** Runs a command and makes sure that it leaves nothing in the work folder. */
  async function run(command: OutsideCommand, more: Partial<OutsideRun> = {}): Promise<number> {
    await mkdir(path('work'), { recursive: true });
    try {
      return await runOutsideCommand(command, { modelFolder: path('a model'), workFolder: path('work'), ...more });
    } finally {
      assert.deepEqual(await readdir(path('work')), []);
    }
  }

  async function assertFails(command: OutsideCommand, message: RegExp, more: Partial<OutsideRun> = {}): Promise<void> {
    await assert.rejects(run(command, more), { name: 'OutsideCommandError', message });
  }

  it('gets the folder of the model in its arguments, and no shell', async () => {
    const script = `const [model, args] = process.argv.slice(1);
      console.log(Number(model === ${JSON.stringify(path('a model'))} && args === 'pretrained=' + model + ',x=$HOME;'))`;
    assert.equal(await run(nodeCommand(script, '', { args: ['{model}', 'pretrained={model},x=$HOME;'] })), 1);
  });

  it('prints a number, or JSON behind its log', async () => {
    assert.equal(await run(shellCommand('echo epoch 1; echo " 0.25"; echo bye')), 0.25);
    const json = `console.log('loading {model}');console.log(JSON.stringify({results:{arc:{'acc,none':0.5}}},null,2));console.error('{}')`;
    assert.equal(await run(nodeCommand(json, 'results.arc.acc,none')), 0.5);
  });

  it('writes JSON to the file that it is told of, or to another name beside or below it', async () => {
    const args = ['{model}', '--output={output}'];
    const write = (to: string) => `to=${to}; mkdir -p "$(dirname "$to")"; echo '{"loss": 1.5, "x": NaN}' > "$to"; echo '{"loss": 9}'`;
    for (const to of ['"${1#*=}"', '"$(dirname "${1#*=}")/result_2026-11-25.json"', '"${1#*=}/model/results.json"'])
      assert.equal(await run(shellCommand(write(to), 'loss', { args })), 1.5, to);
  });

  it('gets the environment and the folder to start in', async () => {
    const script = `console.log(Number(process.env.MODEL_REBASE_TEST) + Number(process.env.PATH.length > 0)); console.error(process.cwd())`;
    await mkdir(path('elsewhere'));
    const lines: OutputLine[] = [];
    const more = {
      environment: { MODEL_REBASE_TEST: '41' },
      workingFolder: path('elsewhere'),
      onOutput: (line: OutputLine) => lines.push(line),
    };
    assert.equal(await run(nodeCommand(script), more), 42);
    assert.ok(lines.some(({ stream, text }) => stream === 'stderr' && text.endsWith('/elsewhere')));
  });

  it('has its output passed on line by line, whatever ends a line, in pieces where a line is long', async () => {
    const lines: OutputLine[] = [];
    const script = `
      process.stdout.write('a\\r\\n\\nb\\rcé'); process.stdout.write('x'.repeat(20000) + '\\n7');
      setTimeout(() => process.stderr.write('warn'), 100)`;
    assert.equal(await run(nodeCommand(script), { onOutput: (line) => lines.push(line) }), 7);
    const printed = lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
    assert.deepEqual(printed.slice(0, 3), ['a', '', 'b']);
    assert.equal(printed.slice(3, -1).join(''), `cé${'x'.repeat(20000)}`);
    assert.ok(printed.every(({ length }) => length <= 8192));
    assert.deepEqual([printed.at(-1), lines.filter(({ stream }) => stream === 'stderr')], ['7', [{ stream: 'stderr', text: 'warn' }]]);
  });

  it('that prints many megabytes costs little memory and gives the number at the end', async () => {
    const script = `
      const line = 'x'.repeat(99) + '\\n';
      const write = (left) => left === 0 ? console.log('{"acc": 0.75}') : process.stdout.write(line.repeat(10000), () => write(left - 1));
      write(40)`;
    const before = process.memoryUsage().rss;
    assert.equal(await run(nodeCommand(script, 'acc')), 0.75);
    assert.ok(process.memoryUsage().rss - before < 100e6);
  });

  it('that floods its output is stopped', async () => {
    const script = `const write = () => process.stdout.write('x'.repeat(65536), write); write()`;
    const message = /^The command printed more than 5\.00 MB and was stopped.*\{output\}.*(\n {2}x{300}…)+$/;
    await assertFails(nodeCommand(script), message, { mostOutputBytes: 5e6 });
  });

  it('that fails is an error with its exit code and its last lines', async () => {
    const script = `for (let i = 0; i < 30; i++) console.error('line ' + i); console.log('{"acc": 1}'); process.exitCode = 3`;
    await assertFails(nodeCommand(script, 'acc'), /^\S+ ended with exit code 3, so there is no score\. Its last lines:\n(.*\n)*.*line 29/);
    await assertFails(
      nodeCommand(`process.kill(process.pid, 'SIGSEGV')`),
      /was ended by SIGSEGV, so there is no score\. It printed nothing\./,
    );
  });

  it('that takes too long is stopped', async () => {
    const started = performance.now();
    await assertFails(
      nodeCommand(`console.log('still here'); setInterval(() => {}, 1000)`, '', { timeoutSeconds: 0.5 }),
      /did not end within 0\.50 s and was stopped\. Allow it more time\. Its last lines:\n {2}still here$/,
    );
    assert.ok(performance.now() - started < 4000);
  });

  it('may take longer than a timer can count', async () => assert.equal(await run(shellCommand('echo 1', '', { timeoutSeconds: 1e9 })), 1));

  it('without a result is an error that says what was expected where', async () => {
    const args = ['{model}', '{output}'];
    await assertFails(shellCommand('echo no score'), /printed no line that is just a number\..*\n {2}no score$/);
    await assertFails(shellCommand('echo 0.5', 'acc'), /printed no JSON object for the value path acc/);
    await assertFails(shellCommand('echo NaN'), /output: expected a finite number, found "NaN"/);
    const object = `echo '{"a": {"b": 1}}'`;
    await assertFails(shellCommand(object, 'a.acc'), /"a" in the command's output: there is no "acc", found the keys "b"/);
    await assertFails(shellCommand('echo 1', '', { args }), /wrote no \.json file to \{output\}/);
    await assertFails(shellCommand(`echo '{"a"' > "$1"`, 'a', { args }), /result result\.json is no JSON: /);
    const two = 'echo 1 > "$1"; echo 1 > "$1b.json"';
    await assertFails(shellCommand(two, '', { args }), /wrote 2 \.json files to \{output\}: result\.json, result\.jsonb\.json/);
  });

  it('that cannot work is refused before it runs', async () => {
    const command = (words: string[], more: Partial<OutsideCommand> = {}) => ({ ...nodeCommand(''), command: words, ...more });
    await assertFails(command([]), /The command is empty/);
    await assertFails(command([process.execPath, '--version']), /does not name \{model\}, so every model would get the same score/);
    await assertFails(command(['no-such-program', '{model}']), /The program no-such-program was not found, or may not be executed/);
    await assertFails(command(['./no/such', '{model}']), /The program \.\/no\/such was not found/);
    await assertFails(command([path(''), '{model}']), /was not found, or may not be executed/);
    await assertFails(nodeCommand('', 'a..b'), /The value path a\.\.b cannot be read/);
    await assertFails(nodeCommand('', '', { timeoutSeconds: 0 }), /may take 0 seconds\. Allow it more than 0/);
    await assertFails(nodeCommand(''), /cannot start in .*gone: there is no such folder/, { workingFolder: path('gone') });
    await assertFails(nodeCommand('', '', { args: ['{model}', 'nul\0'] }), /could not be started: .*null bytes/);
  });

  it('is not started when cancelled before', async () => {
    const reason = new Error('enough');
    const script = `require('fs').writeFileSync(${JSON.stringify(path('started'))}, '')`;
    await assert.rejects(run(nodeCommand(script), { signal: AbortSignal.abort(reason) }), reason);
    assert.ok(!existsSync(path('started')));
  });
});
