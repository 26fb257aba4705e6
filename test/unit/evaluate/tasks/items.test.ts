import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareTask, type PreparedTask, type TaskSettings } from '../../../../src/evaluate/tasks/index.js';
import type { LoadedTokenizer } from '../../../../src/model/tokenizer/tokenizer.js';
import { inTemporaryFolder } from '../../../support/inTemporaryFolder.js';
import { goldenTokenizer, inThisThread, sampleTokenizer } from '../support/tokenizers.js';

const plain: TaskSettings = { window: null, stride: null, limit: null, contextLength: 512 };

async function prepare(
  lines: string | readonly object[],
  tokenizer: LoadedTokenizer,
  settings: Partial<TaskSettings> = {},
): Promise<PreparedTask> {
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, 'items.jsonl');
    await writeFile(path, typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n'));
    return prepareTask(path, inThisThread(tokenizer), { ...plain, ...settings });
  });
}

/** Prompt and scored part of every sequence, as text. */
function spelled({ sequences }: PreparedTask, tokenizer: LoadedTokenizer): string[][] {
  const text = (tokens: Uint32Array): string => Buffer.concat(Array.from(tokens, (token) => tokenizer.bytesOf(token))).toString();
  return sequences.map(({ tokens, firstScored }) => [text(tokens.subarray(0, firstScored)), text(tokens.subarray(firstScored))]);
}

/** Log-probabilities that add up to the given sums. */
function answering({ sequences }: PreparedTask, sums: readonly number[]): Float64Array[] {
  return sequences.map(({ tokens, firstScored }, i) =>
    new Float64Array(tokens.length - firstScored).fill(sums[i]! / (tokens.length - firstScored)),
  );
}

const question = { prompt: 'The sky is', choices: [' blue', ' green as grass'], answer: 0 };
const completion = { prompt: 'The sky is', completion: ' blue.' };

describe('a task of items', () => {
  it('scores the completion only, after BOS and the prompt', async () => {
    const tokenizer = await sampleTokenizer();
    const task = await prepare([completion, { prompt: '', completion: 'Été' }], tokenizer);
    assert.deepEqual(spelled(task, tokenizer), [
      ['<s>The sky is', ' blue.'],
      ['<s>', 'Été'],
    ]);
    const score = task.score(answering(task, [-6, -4]));
    assert.ok(score.kind === 'loss' && task.kind === 'loss');
    assert.ok(Math.abs(score.loss * score.tokenCount - 10) < 1e-9);
    assert.deepEqual(
      score.itemNats.map((nats) => Math.round(nats)),
      [6, 4],
    );
    assert.deepEqual(
      score.itemTokens,
      task.sequences.map(({ tokens, firstScored }) => tokens.length - firstScored),
    );
    assert.equal(score.byteCount, 6 + 5);
  });

  it('counts white space at the end of the prompt as the continuation, as lm-evaluation-harness does', async () => {
    const tokenizer = await sampleTokenizer();
    const apart = await prepare([{ prompt: 'The sky is ', completion: 'blue.' }], tokenizer);
    const together = await prepare([completion], tokenizer);
    assert.deepEqual(apart.sequences, together.sequences);
    assert.deepEqual(apart.score(answering(apart, [-1])), together.score(answering(together, [-1])));
  });

  it('cuts where the prompt alone would end, also where a token reaches across', async () => {
    const tokenizer = await goldenTokenizer('llama2');
    const prompt = 'The function ret';
    const [sequence] = (await prepare([{ prompt, completion: 'urn the value of it' }], tokenizer)).sequences;
    assert.deepEqual(sequence!.tokens, tokenizer.encode('The function return the value of it'));
    assert.equal(sequence!.firstScored, tokenizer.encode(prompt).length);
  });

  it('asks for every choice and takes the likeliest, by sum and by byte', async () => {
    const tokenizer = await sampleTokenizer();
    const task = await prepare([question, { ...question, answer: 'green as grass' }], tokenizer);
    assert.deepEqual(
      spelled(task, tokenizer).map(([, scored]) => scored),
      [...question.choices, ...question.choices],
    );
    const score = task.score(answering(task, [-4, -5, -4, -5]));
    assert.ok(score.kind === 'choice' && task.kind === 'choice');
    assert.deepEqual(
      [score.itemCorrect, score.itemCorrectNormalised],
      [
        [1, 0],
        [0, 1],
      ],
    );
    assert.equal(score.accuracy, 0.5);
  });

  it('uses at most so many items, evenly spread, with all their choices', async () => {
    const tokenizer = await sampleTokenizer();
    const lines = Array.from({ length: 10 }, (_, i) => ({ ...question, prompt: `Number ${i}:` }));
    const task = await prepare(lines, tokenizer, { limit: 2 });
    assert.deepEqual(
      spelled(task, tokenizer).map(([prompt]) => prompt),
      ['<s>Number 2:', '<s>Number 2:', '<s>Number 7:', '<s>Number 7:'],
    );
    const score = task.score(answering(task, [-1, -2, -2, -1]));
    assert.deepEqual(score.kind === 'choice' && score.itemCorrect, [1, 0]);
  });

  it('reads CR LF, a byte order mark and blank lines', async () => {
    const tokenizer = await sampleTokenizer();
    const line = JSON.stringify(completion);
    const task = await prepare(`\uFEFF${line}\r\n\r\n  \n${line}\r\n`, tokenizer);
    assert.equal(task.sequences.length, 2);
    assert.deepEqual(task.findings, []);
  });

  it('cuts the beginning of prompts that are too long, keeps BOS, and says how many', async () => {
    const tokenizer = await sampleTokenizer();
    const long = { prompt: `${'word '.repeat(100)}The sky is`, completion: ' blue.' };
    const task = await prepare([completion, long], tokenizer, { contextLength: 16 });
    const whole = (await prepare([long], tokenizer)).sequences[0]!;
    const [short, cut] = task.sequences;
    assert.ok(short!.tokens.length < 16);
    assert.deepEqual(Array.from(cut!.tokens), [0, ...whole.tokens.slice(-15)]);
    assert.equal(cut!.tokens.length - cut!.firstScored, whole.tokens.length - whole.firstScored);
    assert.match(task.findings[0]!.message, /^1 prompt of 2 lost their beginning.* 16 tokens/);
  });

  it('is refused when a continuation does not fit, or has nothing before it', async () => {
    const tokenizer = await sampleTokenizer();
    const long = { prompt: 'Say:', completion: ' word'.repeat(100) };
    await assert.rejects(
      prepare([completion, long], tokenizer, { contextLength: 16 }),
      /1 line cannot be used.*line 2: what follows the prompt has \d+ tokens.*at most 16/,
    );
    const withoutBos = { ...tokenizer, bosToken: null };
    await assert.rejects(prepare([{ prompt: '  ', completion: 'a' }], withoutBos), /line 1: the prompt is blank/);
    await assert.rejects(prepare([{ prompt: 'a', completion: 'b' }], tokenizer), /line 1: what follows the prompt joins its last token/);
  });

  it('has a hash that changes with text, tokenizer, context and limit, not with the window', async () => {
    const tokenizer = await sampleTokenizer();
    const { hash } = await prepare([question], tokenizer);
    assert.equal((await prepare([question], tokenizer, { window: 64, stride: 32 })).hash, hash);
    const others = [
      prepare([completion], tokenizer),
      prepare([question], tokenizer, { limit: 1 }),
      prepare([question], tokenizer, { contextLength: 64 }),
    ];
    assert.equal(new Set([hash, ...(await Promise.all(others)).map((task) => task.hash)]).size, 4);
  });

  const broken: [string, RegExp][] = [
    ['{"prompt": "a"', /line 1: it is not JSON/],
    ['[1]', /line 1: it is not a JSON object/],
    ['{"completion": "b"}', /line 1: "prompt" is missing, not a text/],
    ['{"prompt": 5, "completion": "b"}', /"prompt" is 5/],
    ['{"prompt": "a"}', /neither "choices" nor "completion"/],
    ['{"prompt": "a", "completion": ""}', /"completion" is ""/],
    ['{"prompt": "a", "completion": "b", "choices": ["x", "y"], "answer": 0}', /both "choices" and "completion"/],
    ['{"prompt": "a", "choices": ["x"], "answer": 0}', /not a list of at least two/],
    ['{"prompt": "a", "choices": ["x", " "], "answer": 0}', /blank or not a text/],
    ['{"prompt": "a", "choices": ["x", 3], "answer": 0}', /blank or not a text/],
    ['{"prompt": "a", "choices": ["x", "y"], "answer": 2}', /"answer" is 2, neither an index from 0 to 1 nor/],
    ['{"prompt": "a", "choices": ["x", "y"], "answer": 0.5}', /"answer" is 0.5/],
    ['{"prompt": "a", "choices": ["x", "y"], "answer": "z"}', /"answer" is "z"/],
    ['{"prompt": "a", "choices": ["x", "y"]}', /"answer" is missing/],
    ['{"prompt": "\\ud800", "completion": "b"}', /surrogate/],
    ['\n \n', /no line with an item/],
  ];
  for (const [line, message] of broken)
    it(`is refused with ${JSON.stringify(line)}`, async () => {
      await assert.rejects(prepare(line, await sampleTokenizer()), message);
    });

  it('is refused when lines are of two kinds or many are broken, naming the first few', async () => {
    const tokenizer = await sampleTokenizer();
    await assert.rejects(
      prepare([completion, question], tokenizer),
      /line 2: it has choices, the first item has a completion.*Correct or remove/,
    );
    const lines = [JSON.stringify(completion), ...Array.from({ length: 7 }, () => 'x')].join('\n');
    await assert.rejects(
      prepare(lines, tokenizer),
      /items.jsonl: 7 lines cannot be used. Expected .*line 2: .*line 6: it is not JSON; and 2 more/,
    );
  });
});
