import assert from 'node:assert/strict';
import { runCli, sample } from './support/runCli.js';

describe('command line: help and usage', () => {
  it('describes itself and every command with each of its options, and exits 0', async () => {
    for (const argv of [['--help'], ['-h'], ['help']]) {
      const { code, stdout, stderr } = await runCli(argv);
      assert.deepEqual([code, stderr], [0, '']);
      for (const text of ['Usage: model-rebase COMMAND', '  inspect', '  diff', 'Exit code 0: done. 1: a check failed. 2: error.'])
        assert.ok(stdout.includes(text), text);
    }
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
    [['inspect'], 'inspect takes PATH, but got 0 argument(s). Run model-rebase inspect --help.'],
    [['inspect', 'a', 'b'], 'inspect takes PATH, but got 2 argument(s). Run model-rebase inspect --help.'],
    [['diff', base], 'diff takes A B, but got 1 argument(s). Run model-rebase diff --help.'],
    [['diff', base, base, '--engine', 'cuda'], '--engine takes one of auto, simd, gpu, but got "cuda". Run model-rebase diff --help.'],
    [['diff', base, base, '--workers', '0'], '--workers takes a whole number from 1 to 256, but got "0". Run model-rebase diff --help.'],
    [
      ['diff', base, base, '--workers', '1.5'],
      '--workers takes a whole number from 1 to 256, but got "1.5". Run model-rebase diff --help.',
    ],
    [['diff', base, base, '--workers', ''], '--workers takes a whole number from 1 to 256, but got "". Run model-rebase diff --help.'],
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
    [['diff', base, base, '--out', base], `--out takes the name of a file, but ${base} is a folder. Run model-rebase diff --help.`],
  ];
  for (const [argv, message] of mistakes) {
    it(`refuses "${argv.map((word) => word.replace(base, 'base-1')).join(' ')}" with exit code 2`, async () => {
      assert.deepEqual(await runCli(argv), { code: 2, stdout: '', stderr: `model-rebase: ${message}\n` });
    });
  }

  it('refuses unknown options and missing values with exit code 2', async () => {
    for (const [argv, message] of [
      [['inspect', base, '--frobnicate'], /^model-rebase: Unknown option '--frobnicate'.* Run model-rebase inspect --help\.\n$/],
      [['diff', base, base, '--out'], /^model-rebase: Option '--out <value>' argument missing.* Run model-rebase diff --help\.\n$/],
      [['diff', base, base, '--json=yes'], /^model-rebase: Option '--json' does not take an argument.* Run model-rebase diff --help\.\n$/],
    ] as const) {
      const { code, stdout, stderr } = await runCli(argv);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    }
  });

  it('writes control characters in the command line as text', async () => {
    assert.equal((await runCli(['\u001b[31mred'])).stderr, 'model-rebase: There is no command "\\x1b[31mred". Run model-rebase --help.\n');
  });
});
