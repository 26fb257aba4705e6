import assert from 'node:assert/strict';
import { claimPlace } from '../../../src/base/ownership/claimPlace.js';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { parseCombination } from '../../../src/combine/index.js';
import { parseByteSize } from '../../../src/cli/byteSize.js';
import { nameInputs } from '../../../src/cli/modelNames.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { runCli, sample, type Outcome } from './support/runCli.js';

const [base, finetuned, target] = ['base-1', 'finetuned-1', 'base-2'].map(sample) as [string, string, string];
const family = ['--finetuned', finetuned, '--base', base, '--target', target];
const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];

/** Transfers on one worker, without waiting for the disk. */
function transfer(out: string, ...options: readonly string[]): Promise<Outcome> {
  return runCli(['transfer', ...family, '--out', out, '--no-sync', '--workers', '1', ...options]);
}

describe('command line: transfer', () => {
  const at = temporaryFolder();

  it('writes a model that verifies, and says what rounding cost', async () => {
    const { code, stdout, stderr } = await transfer(at('plain'));
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^target \+ 1\.0·\(finetuned − base\)\n.*plain: 2\.75 MB in .* s\n\nlayer /);
    assert.match(
      stdout,
      /^layer +to change .*\nlayer 5 +182,610 +153 +0\.66%\nlayer 4 .*\n(?:layer .*\n){3}… and 2 more layers \(--all\)\n\n0\.56% of the change was lost to rounding; 2,294 of 1,356,169 weights that were to change did not move\.\n$/m,
    );
    assert.deepEqual(
      (await readdir(at('plain'))).sort(),
      [
        'README.md',
        'config.json',
        'generation_config.json',
        ...shards,
        'model-rebase.json',
        'model.safetensors.index.json',
        'special_tokens_map.json',
        'tokenizer.json',
        'tokenizer_config.json',
      ].sort(),
    );
    for (const deep of [[], ['--deep']]) {
      const verified = await runCli(['verify', at('plain'), ...deep]);
      assert.deepEqual([verified.code, verified.stderr], [0, '']);
      assert.match(verified.stdout, /57 tensors and all files agree with its manifest/);
    }
  });

  it('--all says of every layer in order what rounding cost', async () => {
    const { code, stdout } = await transfer(at('all'), '--all');
    assert.equal(code, 0);
    const rows = stdout.split('\n').slice(stdout.split('\n').findIndex((line) => line.startsWith('layer ')) + 1);
    assert.deepEqual(
      rows.slice(0, 8).map((row) => row.split(/ {2,}/)[0]),
      ['outside layers', ...[0, 1, 2, 3, 4, 5].map((layer) => `layer ${layer}`), ''],
    );
  });

  it('--dry-run prints the plan and writes nothing', async () => {
    const { code, stdout } = await transfer(at('dry'), '--dry-run');
    assert.equal(code, 0);
    for (const line of [
      'target + 1.0·(finetuned − base)',
      '57 tensors:',
      '  57 combined: lm_head.weight, model.embed_tokens.weight,',
      'All versions have the same tokens in the same rows.',
      'Reads 8.22 MB, writes 2.75 MB',
    ])
      assert.ok(stdout.includes(line), line);
    const plan = JSON.parse((await transfer(at('dry'), '--dry-run', '--json')).stdout) as {
      shards: { file: string; headerByteLength: number }[];
      tensors: unknown[];
      refusals: unknown[];
    };
    assert.deepEqual(
      [plan.shards.map(({ file, headerByteLength }) => [file, headerByteLength]), plan.tensors.length, plan.refusals],
      [
        [
          [shards[0], 3432],
          [shards[1], 2640],
        ],
        57,
        [],
      ],
    );
    assert.equal(existsSync(at('dry')), false);
  });

  it('--json prints the result with its rounding report', async () => {
    const { stdout } = await transfer(at('json'), '--json', '--exclude', 'lm_head*');
    const result = JSON.parse(stdout) as {
      output: string;
      formula: string;
      rounding: { total: { changedCount: number } };
      findings: unknown[];
      skipped: string[];
    };
    assert.deepEqual(
      [result.output, result.formula, result.findings, result.skipped],
      [at('json'), 'target + 1.0·(finetuned − base)', [], []],
    );
    assert.ok(result.rounding.total.changedCount < 1_356_169);
  });

  it('--scale 0 gives the target byte for byte', async () => {
    await transfer(at('zero'), '--scale', '0');
    for (const file of shards) assert.ok(readFileSync(at('zero', file)).equals(readFileSync(`${target}/${file}`)), file);
  });

  it('by way of a saved diff vector gives the same weights', async () => {
    const saved = await runCli(['delta', '--finetuned', finetuned, '--base', base, '--out', at('delta'), '--no-sync']);
    assert.deepEqual([saved.code, saved.stderr], [0, '']);
    assert.match((await runCli(['inspect', at('delta')])).stdout, /F32 · 5\.48 MB in 1 file · 57 tensors/);
    assert.equal((await transfer(at('direct'))).code, 0);
    const { code } = await runCli(['transfer', '--delta', at('delta'), '--target', target, '--out', at('by-delta'), '--no-sync']);
    assert.equal(code, 0);
    for (const file of shards) assert.ok(readFileSync(at('by-delta', file)).equals(readFileSync(at('direct', file))), file);
  });

  it('refuses before anything is written: exit code 2, or 1 for a dry run', async () => {
    await mkdir(at('exists'));
    const refused = await transfer(at('exists'));
    assert.deepEqual(refused, {
      code: 2,
      stdout: '',
      stderr: `refused: ${at('exists')} exists already. Choose another name, or allow it to be overwritten. On the command line: --overwrite.\n`,
    });
    const asJson = await transfer(at('exists'), '--json');
    assert.deepEqual([asJson.code, asJson.stderr], [2, refused.stderr]);
    const { refusals } = JSON.parse(asJson.stdout) as { refusals: { code: string; message: string }[] };
    assert.deepEqual([refusals.length, refusals[0]!.code, `refused: ${refusals[0]!.message}\n`], [1, 'output-exists', refused.stderr]);
    const dry = await transfer(at('exists'), '--dry-run');
    assert.equal(dry.code, 1);
    assert.match(dry.stdout, /refused: .* exists already/);
    assert.equal((await transfer(at('exists'), '--overwrite')).code, 0);
    const wrong = await runCli(['transfer', '--delta', base, '--target', target, '--out', at('x')]);
    assert.match(
      wrong.stderr,
      /^refused: .*base-1 is no diff vector.* On the command line: "model-rebase delta", or --finetuned and --base\.\n$/,
    );
  });

  it('names who writes the output already, whatever it is told to do; --take-over needs to be told what becomes of it', async () => {
    const ownership = await claimPlace(at('owned'));
    for (const flags of [[], ['--resume'], ['--overwrite'], ['--resume', '--overwrite']]) {
      const { code, stderr } = await transfer(at('owned'), ...flags);
      assert.equal(code, 2);
      assert.match(
        stderr,
        new RegExp(`refused: .*owned is being written by process ${process.pid} on .*, since 20.* On the command line: --take-over with`),
      );
    }
    const unsaid = await transfer(at('owned'), '--take-over');
    assert.match(unsaid.stderr, /--take-over needs --resume, to go on with what is written, or --overwrite, to remove it\./);
    assert.equal((await transfer(at('owned'), '--take-over', '--overwrite')).code, 0);
    await ownership.remove();
    assert.deepEqual([existsSync(at('owned')), existsSync(at('owned.partial'))], [true, false]);
  });

  it('cancelled, leaves nothing, or with --keep-partial something to resume', async () => {
    let leftBehind = (): string | null => 'nothing was asked for';
    const texts: string[] = [];
    const cancel = async (...options: readonly string[]): Promise<Outcome> => {
      const controller = new AbortController();
      const update = (text: string): void => {
        texts.push(text);
        controller.abort();
      };
      return runCli(['transfer', ...family, '--out', at('cancelled'), ...options], {
        signal: controller.signal,
        interactive: true,
        stderr: update,
        onKill: (describe) => (leftBehind = describe),
      });
    };
    assert.equal((await cancel()).code, 2);
    assert.deepEqual([existsSync(at('cancelled')), existsSync(at('cancelled.partial')), leftBehind()], [false, false, null]);
    assert.equal((await cancel('--keep-partial')).code, 2);
    assert.deepEqual([existsSync(at('cancelled')), existsSync(at('cancelled.partial'))], [false, true]);
    assert.match(texts.join(''), /What is written so far is kept in .*cancelled\.partial: go on with --resume\./);
    assert.equal(leftBehind(), `What is written so far stays in ${at('cancelled.partial')}: go on with --resume.`);
    assert.match(
      (await transfer(at('cancelled'))).stderr,
      /left from a run that did not finish.* On the command line: --resume or --overwrite\./,
    );
    assert.match(
      (await transfer(at('cancelled'), '--resume', '--scale', '0.5')).stderr,
      /cannot be resumed: .* On the command line: --overwrite in place of --resume\.\n$/,
    );
    assert.equal((await transfer(at('cancelled'), '--resume')).code, 0);
    const complete = await transfer(at('cancelled'), '--resume');
    assert.deepEqual([complete.code, complete.stdout], [2, '']);
    assert.match(complete.stderr, /is complete already, .* On the command line: "model-rebase verify" or --overwrite\.\n$/);
    assert.equal((await runCli(['verify', at('cancelled'), '--deep'])).code, 0);
  });

  it('verify finds a changed weight, a changed file and a missing one', async () => {
    await transfer(at('spoilt'));
    const bytes = await readFile(at('spoilt', shards[1]!));
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(at('spoilt', shards[1]!), bytes);
    await writeFile(at('spoilt', 'config.json'), '{}');
    const { code, stdout } = await runCli(['verify', at('spoilt')]);
    assert.equal(code, 1);
    assert.match(stdout, /2 differences from its manifest:\n {2}tensor model\.norm\.weight: .*\n {2}file config\.json: it was changed\n$/);
    const report = JSON.parse((await runCli(['verify', at('spoilt'), '--json'])).stdout) as { differences: unknown[] };
    assert.equal(report.differences.length, 2);
    const none = await runCli(['verify', base]);
    assert.deepEqual([none.code, none.stdout], [2, '']);
    assert.match(none.stderr, /base-1: not written by this tool, for it holds no model-rebase\.json\. Expected the folder that a transfer/);
  });

  it('verify notes files that are not listed', async () => {
    await transfer(at('noted'));
    await writeFile(at('noted', 'notes.txt'), '');
    const { code, stdout } = await runCli(['verify', at('noted')]);
    assert.equal(code, 0);
    assert.match(stdout, /agree with its manifest\.\nnote: not listed in the manifest and not looked at: notes\.txt\n$/);
  });
});

describe('command line: combine', () => {
  const at = temporaryFolder();

  it('writes any formula over paths and short names', async () => {
    const { code, stdout } = await runCli(['combine', `0.5*${base} + 0.5*b`, '--model', `b=${target}`, '--out', at('mean'), '--no-sync']);
    assert.equal(code, 0);
    assert.match(stdout, /^0\.5·base-1 \+ 0\.5·b\n/);
    assert.equal((await runCli(['verify', at('mean'), '--deep'])).code, 0);
    await transfer(at('transfer'));
    await runCli(['combine', `${target} + (${finetuned} - ${base})`, '--out', at('sum'), '--no-sync']);
    for (const file of shards) assert.ok(readFileSync(at('sum', file)).equals(readFileSync(at('transfer', file))), file);
  });

  it('of a model alone is a copy, and says no scale that was not given', async () => {
    const { code, stdout } = await runCli(['combine', base, '--out', at('copy'), '--dry-run']);
    assert.equal(code, 0);
    assert.match(stdout, /\n {2}57 copied: lm_head\.weight, /);
    assert.equal((await runCli(['combine', base, '--out', at('copy'), '--no-sync'])).code, 0);
    assert.ok(readFileSync(at('copy', 'model.safetensors')).equals(readFileSync(`${base}/model.safetensors`)));
  });

  it('takes the chat template of what is added, or of the first model', async () => {
    const templated = async (...options: readonly string[]): Promise<string> =>
      (await runCli(['combine', `${base} + (${finetuned} - ${base})`, '--out', at('chat'), '--dry-run', '--json', ...options])).stdout;
    const chatFrom = (json: string): string => (JSON.parse(json) as { request: { chatFrom: string } }).request.chatFrom;
    assert.equal(chatFrom(await templated()), 'finetuned');
    assert.equal(chatFrom(await templated('--chat-template', 'first')), 'target');
  });

  it('says in its result that rows were matched by index, and why', async () => {
    const copy = async (from: string, to: string): Promise<void> => {
      await cp(from, at(to), { recursive: true });
      await rm(at(to, 'tokenizer.json'));
    };
    await copy(base, 'untold');
    const { stdout } = await runCli(['combine', `0.5*${at('untold')} + 0.5*${target}`, '--out', at('rows'), '--no-sync']);
    assert.match(stdout, /\nRows are matched by index, because untold has no tokenizer\.\n/);
  });

  it('names inputs shortly and without doubt', () => {
    const named = (text: string): string[] => nameInputs(parseCombination(text), new Map()).inputs.map(({ role }) => role);
    assert.deepEqual(named('a/x + (b/y.safetensors − c/z)'), ['x', 'y', 'z']);
    assert.deepEqual(named('a/x + (b/x − /c/z/)'), ['a/x', 'b/x', 'z']);
    assert.deepEqual(named('/r/a/x + (/s/a/x − c/x)'), ['/r/a/x', '/s/a/x', 'c/x']);
  });

  const mistakes: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [['combine', 'a +', '--out', 'x'], /Formula "a \+", character 4: a name is missing.* Run model-rebase combine --help/],
    [['combine', 'a', '--model', 'b=/x', '--out', 'x'], /--model names "b", which the formula does not use: its names are "a"\. Run/],
    [
      ['combine', 'a+b', '--model', 'a=/x', '--out', 'x'],
      /"a", which the formula does not use: its names are "a\+b"\. A plus or minus that joins models needs spaces around it\. Run/,
    ],
    [['combine', '/x-/y', '--out', 'x'], /\/x-\/y: no such file or folder\. A plus or minus that joins models needs spaces/],
    [['combine', 'a', '--model', 'a=/x', '--model', 'a=/y', '--out', 'x'], /--model names "a" twice: \/x and \/y\. Run/],
    [['combine', 'a', '--chat-template', 'target', '--out', 'x'], /--chat-template takes one of added, first, but got "target"/],
    [['combine', 'a', '--model', 'b', '--out', 'x'], /--model takes NAME=PATH/],
    [['combine', 'a'], /--out is missing/],
    [['transfer', '--out', 'x'], /--target is missing/],
    [['transfer', ...family, '--out', 'x', '--delta', 'd'], /give either/],
    [['transfer', ...family, '--out', 'x', '--scale', 'half'], /A scale is a number.* Run model-rebase transfer --help/],
    [['transfer', ...family, '--out', 'x', '--scale', 'a{=1'], /never closed.* Run model-rebase transfer --help/],
    [['transfer', ...family, '--out', 'x', '--exclude', 'a{'], /never closed.* Run model-rebase transfer --help/],
    [['transfer', ...family, '--out', 'x', '--max-shard-size', '10'], /--max-shard-size needs a unit: 10GB, 10MB or 10GiB/],
    [['transfer', ...family, '--out', ''], /--out needs a value/],
    [['transfer', ...family, '--out', 'x', '--dtype', 'I8'], /--dtype takes one of F64, F32, F16, BF16/],
    [['transfer', ...family, '--out', 'x', '--vocab', 'words'], /--vocab takes one of tokens, rows/],
    [['transfer', ...family, '--out', 'x', '--max-shard-size', 'big'], /--max-shard-size takes a size/],
    [['transfer', '--finetuned', '/absent', '--base', base, '--target', target, '--out', 'x'], /\/absent: no such file or folder/],
  ];
  for (const [argv, message] of mistakes) {
    it(`refuses ${argv.slice(0, 2).join(' ')} … ${argv.slice(-2).join(' ')} with exit code 2`, async () => {
      const { code, stdout, stderr } = await runCli(argv);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }

  it('reads sizes in the units people use', () => {
    const sizes = [
      ['5GB', 5e9],
      ['500 mb', 5e8],
      ['1GiB', 2 ** 30],
      ['1.5kB', 1500],
      ['12B', 12],
    ] as const;
    for (const [text, bytes] of sizes) assert.equal(parseByteSize('size', text), bytes, text);
    for (const text of ['', '0', '-1GB', '5XB', 'GB', '1e9'])
      assert.throws(() => parseByteSize('size', text), /--size (takes a size|needs a unit)/, text);
  });
});
