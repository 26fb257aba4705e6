import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runCli, sample } from './support/runCli.js';

describe('command line: help and usage', () => {
  it('describes itself and every command with each of its options, and exits 0', async () => {
    for (const argv of [['--help'], ['-h'], ['help']]) {
      const { code, stdout, stderr } = await runCli(argv);
      assert.deepEqual([code, stderr], [0, '']);
      for (const text of ['Usage: model-rebase COMMAND', '  inspect', '  diff', 'Exit code 0: done. 1: a check failed. 2: error.'])
        assert.ok(stdout.includes(text), text);
    }
    assert.ok((await runCli(['help', 'diff'])).stdout.includes('Usage: model-rebase diff A B [options]'));
    const help = async (command: string, flag: string) => {
      const { code, stdout, stderr } = await runCli([command, flag]);
      assert.deepEqual([code, stderr], [0, '']);
      return stdout;
    };
    for (const option of ['Usage: model-rebase inspect PATH [options]', '--tensors', '--json', '--help'])
      assert.ok((await help('inspect', '--help')).includes(option), option);
    const options = [
      '--json',
      '--out FILE',
      '--overwrite',
      '--top N',
      '--prefix-map FROM=TO',
      '--engine auto|simd|gpu',
      '--workers N',
      '--exit-code',
      '--help',
    ];
    for (const option of ['Usage: model-rebase diff A B [options]', ...options])
      assert.ok((await help('diff', '-h')).includes(option), option);
  });

  const base = sample('base-1');
  const mistakes: readonly (readonly [argv: readonly string[], message: string])[] = [
    [[], 'Which command? Run model-rebase --help.'],
    [['frobnicate'], 'There is no command "frobnicate". Run model-rebase --help.'],
    [['help', 'frobnicate'], 'There is no command "frobnicate". Run model-rebase --help.'],
    [['trasfer', '--help'], 'There is no command "trasfer". Did you mean transfer? Run model-rebase --help.'],
    [['inspect', ''], 'PATH is empty. Run model-rebase inspect --help.'],
    [['verify', ''], 'DIR is empty. Run model-rebase verify --help.'],
    [['inspect'], 'inspect takes PATH, but got 0 argument(s). Run model-rebase inspect --help.'],
    [['inspect', 'a', 'b'], 'inspect takes PATH, but got 2 argument(s). Run model-rebase inspect --help.'],
    [['diff', base], 'diff takes A B, but got 1 argument(s). Run model-rebase diff --help.'],
    [['diff', base, base, '--engine', 'cuda'], '--engine takes one of auto, simd, gpu, but got "cuda". Run model-rebase diff --help.'],
    [['diff', base, base, '--workers', '0'], '--workers takes a whole number from 1 to 256, but got "0". Run model-rebase diff --help.'],
    [
      ['diff', base, base, '--workers', '1.5'],
      '--workers takes a whole number from 1 to 256, but got "1.5". Run model-rebase diff --help.',
    ],
    [['diff', base, base, '--workers', ''], '--workers needs a value: --workers N. Run model-rebase diff --help.'],
    [['diff', base, base, '--workers', ' '], '--workers takes a whole number from 1 to 256, but got " ". Run model-rebase diff --help.'],
    [['diff', base, base, '--top=-1'], '--top takes a whole number of at least 0, but got "-1". Run model-rebase diff --help.'],
    [['diff', base, base, '--prefix-map', 'model.'], '--prefix-map takes FROM=TO, but got "model.". Run model-rebase diff --help.'],
    [
      ['diff', base, base, '--prefix-map', 'x.=x.'],
      '--prefix-map "x.=x." changes no name: the prefixes on both sides of the "=" are the same. Run model-rebase diff --help.',
    ],
    [
      ['diff', base, base, '--out', '/absent/folder/x.json'],
      '--out names a file in /absent/folder, which does not exist. Run model-rebase diff --help.',
    ],
    [
      ['diff', base, base, '--out', `${base}/config.json/x.csv`],
      `--out names a file in ${base}/config.json, which is not a folder. Run model-rebase diff --help.`,
    ],
    [
      ['diff', base, base, '--out', `/${'x'.repeat(300)}`],
      `--out is too long for a name of a file: /${'x'.repeat(300)}. Run model-rebase diff --help.`,
    ],
    [['diff', base, base, '--out', base], `--out takes the name of a file, but ${base} is a folder. Run model-rebase diff --help.`],
  ];
  for (const [argv, message] of mistakes) {
    it(`refuses "${argv.map((word) => word.replace(base, 'base-1')).join(' ')}" with exit code 2`, async () => {
      assert.deepEqual(await runCli(argv), { code: 2, stdout: '', stderr: `model-rebase: ${message}\n` });
    });
  }

  const slips: readonly (readonly [argv: readonly string[], message: string])[] = [
    [['--frobnicate'], 'diff has no option --frobnicate.'],
    [['--tpo=3'], 'diff has no option --tpo. Did you mean --top?'],
    [['--over'], 'diff has no option --over. Did you mean --overwrite?'],
    [['-x y'], 'diff has no option "-x y". What is no option and starts with "-" goes last, after "--".'],
    [['--out'], '--out needs a value: --out FILE.'],
    [['--out='], '--out needs a value: --out FILE.'],
    [['--out', '--json'], '--out needs a value, but "--json" follows, which looks like an option. If it is the value: --out=--json.'],
    [['--top', '-1'], '--top needs a value, but "-1" follows, which looks like an option. If it is the value: --top=-1.'],
    [['--json=yes'], '--json takes no value, but got "yes".'],
  ];
  for (const [argv, message] of slips) {
    it(`tells what is wrong with "${argv.join(' ')}", with exit code 2`, async () => {
      const stderr = `model-rebase: ${message} Run model-rebase diff --help.\n`;
      assert.deepEqual(await runCli(['diff', base, base, ...argv]), { code: 2, stdout: '', stderr });
    });
  }

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    for (const word of ['--version', 'version', '-V'])
      assert.deepEqual(await runCli([word]), { code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('names in the usage line what has to be given, and no role that a command does not have', async () => {
    const help = async (command: string): Promise<string> => (await runCli(['help', command])).stdout;
    assert.match(
      await help('transfer'),
      /transfer \(--finetuned MODEL \[--base MODEL\] \| --delta MODEL\) --target MODEL --out DIR \[options\]/,
    );
    assert.match(await help('delta'), /delta --finetuned MODEL --base MODEL --out DIR \[options\]/);
    assert.match(await help('combine'), /combine EXPR --out DIR \[options\]/);
    assert.doesNotMatch(await help('delta'), /target's|the target|chat/);
    assert.doesNotMatch(await help('combine'), /target|finetuned/);
  });

  it('reads what starts with a minus after "--", and a value so after "="', async () => {
    assert.match((await runCli(['inspect', '--', '-absent'])).stderr, /-absent: no such file or folder/);
    assert.match((await runCli(['inspect', '--json', '-'])).stderr, /\/-: no such file or folder/);
  });

  it('writes control characters in the command line as text', async () => {
    assert.equal(
      (await runCli(['\u001b[31mred'])).stderr,
      'model-rebase: There is no command "\\u001b[31mred". Run model-rebase --help.\n',
    );
  });
});
