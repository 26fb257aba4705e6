import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LossScore } from '../../../../src/evaluate/report/index.js';
import {
  prepareTask,
  prepareTasks,
  TaskSettingsError,
  type PreparedTask,
  type TaskSettings,
} from '../../../../src/evaluate/tasks/index.js';
import type { LoadedTokenizer } from '../../../../src/model/tokenizer/tokenizer.js';
import { inTemporaryFolder } from '../../../support/inTemporaryFolder.js';
import { goldenTokenizer, inThisThread, sampleTokenizer } from '../support/tokenizers.js';
import { FileAccessError, FormatError } from '../../../../src/base/formatError.js';

const plain: TaskSettings = { window: 256, stride: null, limit: null, contextLength: 512 };

async function prepare(
  content: string | Uint8Array,
  tokenizer: LoadedTokenizer,
  settings: Partial<TaskSettings> = {},
  name = 'text.txt',
): Promise<PreparedTask> {
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return prepareTask(path, inThisThread(tokenizer), { ...plain, ...settings });
  });
}

/** The score of a model that gives every token the same probability. */
function uniformScore({ sequences, score }: PreparedTask, nats: number): LossScore {
  const result = score(sequences.map(({ tokens, firstScored }) => new Float64Array(tokens.length - firstScored).fill(-nats)));
  assert.ok(result.kind === 'loss');
  return result;
}

const codes = ({ findings }: PreparedTask): string[] => findings.map(({ code }) => code);

/** Samples/README.md: scored tokens, and nats per token with the bits per byte that belong to them, of `base-1`. */
const documented = [
  ['english', 16383, 3.213, 1.752],
  ['french', 16828, 7.387, 4.21],
  ['database', 17043, 3.766, 2.067],
  ['python', 17198, 6.137, 3.779],
] as const;

describe('a text task', () => {
  for (const [name, tokenCount, nats, bitsPerByte] of documented)
    it(`cuts the samples' ${name} text as their documentation says: BOS and 255 tokens`, async () => {
      const tokenizer = await sampleTokenizer();
      const task = await prepareTask(`samples/text/${name}.txt`, inThisThread(tokenizer), plain);
      const ids = Array.from(tokenizer.encode(readFileSync(`samples/text/${name}.txt`, 'utf8')));
      const expected = Array.from({ length: Math.ceil(tokenCount / 255) }, (_, i) => [0, ...ids.slice(i * 255, (i + 1) * 255)]);
      assert.deepEqual(
        task.sequences.map(({ tokens }) => Array.from(tokens)),
        expected,
      );
      assert.ok(task.sequences.every(({ firstScored }) => firstScored === 1));
      const score = uniformScore(task, nats);
      assert.equal(score.tokenCount, tokenCount);
      assert.equal(score.bitsPerByte.toFixed(2), bitsPerByte.toFixed(2));
      assert.deepEqual([task.name, task.kind, codes(task)], [name, 'loss', []]);
    });

  it('scores as many tokens and bytes whatever the window and stride', async () => {
    const tokenizer = await sampleTokenizer();
    const sizes: [number, number | null][] = [
      [512, null],
      [64, 16],
      [2, null],
    ];
    for (const [window, stride] of sizes) {
      const score = uniformScore(await prepareTask('samples/text/french.txt', inThisThread(tokenizer), { ...plain, window, stride }), 1);
      assert.deepEqual([score.tokenCount, score.byteCount], [16828, readFileSync('samples/text/french.txt').byteLength]);
      assert.ok(Math.abs(score.loss - 1) < 1e-12 && score.standardError < 1e-12);
    }
  });

  it('counts the bytes of the windows that are used, and they add up to the text', async () => {
    const tokenizer = await sampleTokenizer();
    const text = 'Ärger: été, мир, 你好, 🙂! '.repeat(40);
    const whole = uniformScore(await prepare(text, tokenizer, { window: 32 }), 1);
    const half = await prepare(text, tokenizer, { window: 32, limit: 3 });
    const used = half.sequences.flatMap(({ tokens }) => Array.from(tokens.subarray(1)));
    const score = uniformScore(half, 1);
    assert.equal(half.sequences.length, 3);
    assert.equal(
      score.byteCount,
      used.reduce((sum, token) => sum + tokenizer.bytesOf(token).byteLength, 0),
    );
    assert.equal(whole.byteCount, Buffer.byteLength(text));
  });

  it('leaves out the bytes of the first token where it is not scored', async () => {
    const tokenizer = await goldenTokenizer('gpt2');
    const task = await prepare('the end', tokenizer);
    const tokens = tokenizer.encode('the end');
    assert.equal(uniformScore(task, 1).byteCount, 7 - tokenizer.bytesOf(tokens[0]!).byteLength);
    assert.equal(uniformScore(task, 1).tokenCount, tokens.length - 1);
  });

  it('has no bits per byte where bytes of a part are not known, and says so', async () => {
    const neox = await goldenTokenizer('neox');
    const task = await prepare('cafe\u0301 and more', neox);
    assert.equal(uniformScore(task, 1).bitsPerByte, NaN);
    assert.deepEqual(codes(task), ['bytes-unknown']);
  });

  it('reads CR LF as LF and drops a byte order mark', async () => {
    const tokenizer = await sampleTokenizer();
    const unix = await prepare('one\ntwo\n', tokenizer);
    const dos = await prepare('\uFEFFone\r\ntwo\r\n', tokenizer);
    assert.deepEqual(dos.sequences, unix.sequences);
    assert.equal(dos.hash, unix.hash);
    assert.deepEqual([codes(unix), codes(dos)], [[], ['line-ends']]);
    assert.match(dos.findings[0]!.message, /^2 line ends/);
  });

  it('says how much of the text is unknown to the vocabulary, and what its tokens lose', async () => {
    const unknown = await prepare('hello 한 world', await goldenTokenizer('unigram_nfkc'));
    assert.ok(codes(unknown).includes('unknown-tokens'));
    assert.match(unknown.findings[0]!.message, /^1 of \d+ tokens/);
    const tokenizer = await sampleTokenizer();
    const lossy = { ...tokenizer, encode: (text: string) => tokenizer.encode(text.replaceAll('x', '')) };
    assert.deepEqual(codes(await prepare('axe', lossy)), ['text-not-spelled']);
  });

  it('says when windows are shorter than asked for', async () => {
    const task = await prepare('some words', await sampleTokenizer(), { window: 4096 });
    assert.deepEqual(codes(task), ['window-shortened']);
    assert.match(task.findings[0]!.message, /4096.*at most 512/);
  });

  it('has a hash that changes with all that shapes it, and with nothing else', async () => {
    const tokenizer = await sampleTokenizer();
    const { hash } = await prepare('some words', tokenizer);
    assert.equal((await prepare('some words', tokenizer, {}, 'other.txt')).hash, hash);
    assert.equal((await prepare('some words', tokenizer, { contextLength: 1024 })).hash, hash);
    const others = await Promise.all([
      prepare('some word', tokenizer),
      prepare('some words', tokenizer, { window: 128 }),
      prepare('some words', tokenizer, { stride: 128 }),
      prepare('some words', tokenizer, { limit: 1 }),
      prepare('some words', await goldenTokenizer('gpt2')),
      prepare('some words', { ...tokenizer, bosToken: null }),
    ]);
    assert.equal(new Set([hash, ...others.map((task) => task.hash)]).size, 7);
  });

  it('is refused when nothing can be scored', async () => {
    const tokenizer = await sampleTokenizer();
    const withoutBos = { ...tokenizer, bosToken: null };
    await assert.rejects(
      prepare('', tokenizer),
      (error: FormatError) => error instanceof FormatError && /text.txt: it is empty/.test(error.message),
    );
    await assert.rejects(prepare('\uFEFF', tokenizer), /it is empty/);
    await assert.rejects(prepare('a', withoutBos), /no token .*can be scored.*Expected at least two tokens.*Found one/);
    assert.equal((await prepare('a', tokenizer)).sequences.length, 1);
  });

  it('is refused when it is not UTF-8, naming the byte', async () => {
    const tokenizer = await sampleTokenizer();
    const bytes = Buffer.concat([Buffer.from('caf\u00e9 \uFFFD '), Buffer.from([0xe9, 0x20])]);
    await assert.rejects(prepare(bytes, tokenizer), (error: FormatError) => error.fault.offset === 10 && /not UTF-8/.test(error.message));
  });

  it('is refused when it is missing, a folder, or of another type', async () => {
    const tokenizer = await sampleTokenizer();
    await assert.rejects(prepareTask('samples/text/none.txt', inThisThread(tokenizer), plain), FileAccessError);
    await assert.rejects(
      prepare('text', tokenizer, {}, 'notes.md'),
      (error: Error) => error instanceof TaskSettingsError && /\.md: expected \.txt/.test(error.message),
    );
    await assert.rejects(prepareTask('samples/text', inThisThread(tokenizer), plain), /expected \.txt/);
    await assert.rejects(prepare('text', tokenizer, { limit: 0 }), /limit must be a whole number of at least 1/);
  });

  it('does not take log-probabilities of other sequences', async () => {
    const { score, sequences } = await prepare('some words', await sampleTokenizer());
    assert.throws(() => score([]), /0 sequences were given for 1/);
    assert.throws(() => score(sequences.map(() => new Float64Array(1))), /1 log-probabilities were given/);
  });
});

describe('several tasks', () => {
  it('have names of their own', async () => {
    await inTemporaryFolder(async (folder) => {
      await Promise.all(['a', 'b'].map((name) => mkdir(join(folder, name))));
      const paths = ['a/en.txt', 'b/en.txt', 'b/fr.txt', 'qa.txt', 'qa.jsonl'].map((name) => join(folder, name));
      const item = '{"prompt": "a", "completion": " b"}';
      await Promise.all(paths.map((path) => writeFile(path, path.endsWith('l') ? item : 'text')));
      const tasks = await prepareTasks(paths, inThisThread(await sampleTokenizer()), plain);
      assert.deepEqual(
        tasks.map(({ name }) => name),
        ['a/en.txt', 'b/en.txt', 'fr', 'qa.txt', 'qa.jsonl'],
      );
      assert.deepEqual(
        tasks.map(({ path }) => path),
        paths,
      );
    });
  });

  it('are refused when one is named twice', async () => {
    await assert.rejects(prepareTasks(['x/a.txt', 'x/../x/a.txt'], inThisThread(await sampleTokenizer()), plain), /named twice/);
  });
});
