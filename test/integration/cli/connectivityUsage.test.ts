import assert from 'node:assert/strict';
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { root, runCli, sample } from './support/runCli.js';

const [base1, base2] = ['base-1', 'base-2'].map(sample) as [string, string];

describe('command line: mistakes in scoring', () => {
  const task = ['--task', sample('text/french.txt')];
  const mistakes: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [['curve', base1, base2], /--task is missing/],
    [['curve', base1, base1, ...task], /A and B are the same model/],
    [['curve', base1, base2, '--base', base1, ...task], /--base belongs to --path transferred/],
    [['curve', base1, base2, '--path', 'transferred', ...task], /--base is missing/],
    [['curve', base1, base2, ...task, '--from', '1', '--to', '0'], /--from has to be less than --to, but got 1 and 0/],
    [['curve', base1, base2, ...task, '--from', 'half'], /--from takes a number, but got "half"/],
    [
      ['curve', base1, base2, ...task, '--from=-1e308', '--to', '1e308'],
      /--from takes a number between -1000000 and 1000000, but got -1e\+308/,
    ],
    [['plane', base1, base2, sample('finetuned-1'), ...task, '--points', '42'], /--points takes a whole number from 2 to 41, but got "42"/],
    [['curve', base1, base2, ...task, '--points', '1'], /--points takes a whole number from 2/],
    [['curve', base1, base2, ...task, '--cache', 'x', '--no-cache'], /contradict each other/],
    [['curve', base1, base2, ...task, '--value', 'x'], /--value belongs to --command/],
    [['curve', base1, base2, '--command', 'score {model}', '--value', 'a..b'], /value path a\.\.b cannot be read/],
    [['curve', base1, base2, ...task, '--extend', '/absent.json'], /\/absent\.json: no such file or folder\. Check the path/],
    [['curve', base1, base2, ...task, '--out', '/absent/x.json'], /which does not exist/],
    [
      ['curve', base1, base2, ...task, '--plan', '--out', '/tmp/x.json'],
      /--plan scores nothing, so there is no run that --out could write/,
    ],
    [['curve', base1, base2, ...task, '--out', task[1]!, '--overwrite'], /--out names a task: .*french\.txt would be lost/],
    [['sweep', '--base', base1, ...task], /--finetuned is missing/],
    [['plane', base1, base2, base1, ...task], /have to be three models/],
    [['matrix', '/absent.json', ...task], /\/absent\.json: no such file or folder\. Check the path/],
    [['matrix', sample('base-1'), ...task], /base-1: it is a folder\. Name a file/],
    [['evaluate', ...task], /evaluate takes EXPR/],
    [['evaluate', base1, base1, ...task], /base-1 is given twice/],
    [['evaluate', base1, '', ...task], /EXPR is empty/],
    [['evaluate', 'a +', ...task], /a name is missing at the end/],
  ];
  for (const [argv, message] of mistakes) {
    it(`refuses ${argv.map((word) => word.replace(root, '')).join(' ')} with exit code 2`, async () => {
      const { code, stdout, stderr } = await runCli(argv);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }
});

describe('command line: models that cannot be combined', () => {
  const mistral = join(root, 'test/goldens/evaluate/mistral');
  const task = ['--task', sample('text/french.txt')];
  const matrixFile = temporaryFolder();
  const commands: readonly (readonly string[])[] = [
    ['curve', mistral, base1],
    ['sweep', '--finetuned', sample('finetuned-1'), '--base', base1, '--target', mistral],
    ['plane', mistral, base1, base2],
    ['matrix', 'matrix.json'],
    ['evaluate', `0.5 * ${mistral} + 0.5 * ${base1}`],
  ];

  before(async () => {
    const versions = [
      { name: 'a', base: mistral, finetuned: null },
      { name: 'b', base: base1, finetuned: sample('finetuned-1') },
    ];
    await writeFile(matrixFile('matrix.json'), JSON.stringify({ versions }));
  });

  for (const words of commands) {
    const argv = (): string[] => words.map((word) => (word === 'matrix.json' ? matrixFile(word) : word));
    it(`${words[0]!} --plan says why, with exit code 1, and promises no cost`, async () => {
      const { code, stdout } = await runCli([...argv(), ...task, '--plan']);
      assert.equal(code, 1);
      assert.match(stdout, /^refused: .*of another architecture.* correct model_type in the config\.json that names another\.$/m);
      assert.match(stdout, /^refused: .* is of another size than .*: hidden size \d+ instead of \d+/m);
      assert.doesNotMatch(stdout, /Reads|reads|Peak memory|more points/);
    });

    it(`${words[0]!} fails with the same reasons`, async () => {
      const { code, stdout, stderr } = await runCli([...argv(), ...task, '--no-cache']);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^model-rebase: .*of another architecture.* correct model_type in the config\.json that names another\.$/m);
      assert.match(stderr, / is of another size than .*: hidden size \d+ instead of \d+/m);
    });
  }
});

describe('command line: models with damaged files beside their weights', () => {
  const folder = temporaryFolder();
  const scoring = ['--task', sample('text/french.txt'), '--limit', '1', '--no-cache'];

  async function damaged(name: string, text: string): Promise<string> {
    const model = folder(`damaged ${name}`);
    await cp(base2, model, { recursive: true });
    await writeFile(join(model, name), text);
    return model;
  }

  for (const [name, text, message] of [
    ['config.json', '{"a": 1', /damaged config\.json\/config\.json: it is not JSON \(.*\)\. Download or save it again, or correct it\./],
    ['config.json', '[1]', /damaged config\.json\/config\.json: it is not a JSON object\. Download/],
    ['tokenizer.json', '{', /damaged tokenizer\.json\/tokenizer\.json: it is not JSON/],
  ] as const) {
    it(`${name} with ${text} is named, with what is wrong with it`, async () => {
      const model = await damaged(name, text);
      for (const words of [
        ['evaluate', model],
        ['curve', base1, model, '--points', '2'],
      ]) {
        const { code, stdout, stderr } = await runCli([...words, ...scoring]);
        assert.deepEqual([code, stdout], [2, '']);
        assert.match(stderr, message);
      }
    });
  }

  for (const [name, finding] of [
    ['config.json', /^info: without config\.json has no config\.json: that it is of the same architecture/m],
    ['tokenizer.json', /^warning: Which tokens the rows of without tokenizer\.json stand for is not known: no tokenizer lies beside/m],
  ] as const) {
    it(`a curve to a model without ${name} says what that means`, async () => {
      const model = folder(`without ${name}`);
      await cp(base2, model, { recursive: true });
      await rm(join(model, name));
      const { code, stdout } = await runCli(['curve', base1, model, ...scoring, '--points', '2', '--no-geometry']);
      assert.equal(code, 0);
      assert.match(stdout, finding);
    });
  }
});
