import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { pieceModel } from '../../support/pieceModel.js';
import { inOrder, tokenizerJson } from '../../support/tokenizerJson.js';
import { codes, ModelBench, planned, plannedFile, tensor } from './support/models.js';

const words = inOrder('a', 'b', 'c');

describe('plan for rows and tokens that a tokenizer.json does not tell', () => {
  const bench = new ModelBench();

  /** @param values of the rows, one number each */
  async function write(name: string, values: readonly number[], files: Readonly<Record<string, object | string>> = {}): Promise<void> {
    const bytes = new Uint8Array(Float32Array.from(values.flatMap((value) => [value, value])).buffer);
    const tensors = ['model.embed_tokens.weight', 'lm_head.weight'].map((each) => tensor(each, [values.length, 2], 'F32', bytes));
    await bench.write(name, { shards: [tensors], files: { 'config.json': { model_type: 'tiny', vocab_size: values.length }, ...files } });
  }

  const rowsOf = async (): Promise<unknown> => planned(await bench.plan(), 'lm_head.weight').rows;

  it('carries trained rows that no file names by their index where all tokens agree', async () => {
    const files = { 'tokenizer.json': tokenizerJson(words) };
    await write('t', [1, 2, 3, 4, 5], files);
    await write('b', [1, 2, 3, 4], files);
    await write('f', [1, 2, 3, 9, 7, 8], files);
    assert.deepEqual(await rowsOf(), [
      { count: 4, sources: [0, 0, 0], copied: false },
      { count: 2, sources: [null, 4, null], copied: true },
    ]);
    const plan = await bench.plan();
    assert.deepEqual([plan.vocabulary?.unnamed, codes(plan.findings)], [3, ['rows-without-token']]);
    assert.match(plan.findings[0]!.message, /3 rows of finetuned \(3 to 5\)/);
  });

  it('carries no padding: rows as in the base, zeros, and rows that are all alike', async () => {
    const files = { 'tokenizer.json': tokenizerJson(words) };
    await write('t', [1, 2, 3, 4], files);
    await write('b', [1, 2, 3, 5], files);
    for (const tail of [[], [0], [6, 6, 6]]) {
      await write('f', [2, 2, 3, 5, ...tail], files);
      const plan = await bench.plan();
      assert.deepEqual([planned(plan, 'lm_head.weight').shape, codes(plan.findings)], [[4, 2], []], tail.join());
    }
  });

  it('warns of trained rows that have no place in the output', async () => {
    await write('t', [1, 2, 3], { 'tokenizer.json': tokenizerJson(inOrder('a', 'c', 'b')) });
    await write('b', [1, 2, 3, 4], { 'tokenizer.json': tokenizerJson(words) });
    await write('f', [1, 2, 3, 5, 6], { 'tokenizer.json': tokenizerJson(words) });
    const plan = await bench.plan();
    assert.deepEqual(codes(plan.findings), ['rows-lost']);
    assert.match(plan.findings[0]!.message, /2 rows of finetuned \(3 to 4\).*what was learned in them is lost/);
    assert.equal(plan.findings[0]!.severity, 'warning');
  });

  it('names rows by added_tokens.json alone, and keeps the files of the output in agreement', async () => {
    await write('t', [1, 2, 3, 4], { 'tokenizer.json': tokenizerJson(words, { '<t>': 3 }), 'added_tokens.json': { '<t>': 3 } });
    await write('b', [1, 2, 3], { 'tokenizer.json': tokenizerJson(words) });
    await write('f', [1, 2, 3, 5, 6], { 'tokenizer.json': tokenizerJson(words), 'added_tokens.json': { '<x>': 3, '<y>': 4 } });
    const plan = await bench.plan();
    assert.deepEqual(plan.vocabulary?.addedTokens, ['<x>', '<y>']);
    const { added_tokens: listed } = JSON.parse(plannedFile(plan, 'tokenizer.json').content!) as {
      added_tokens: { id: number; content: string }[];
    };
    assert.deepEqual(
      listed.map(({ id, content }) => [id, content]),
      [
        [3, '<t>'],
        [4, '<x>'],
        [5, '<y>'],
      ],
    );
    assert.deepEqual(JSON.parse(plannedFile(plan, 'added_tokens.json').content!), { '<t>': 3, '<x>': 4, '<y>': 5 });
  });

  it('combines a renamed special token with the row it had, and calls it as the fine-tune does', async () => {
    const special = (...names: string[]): string => tokenizerJson(words, Object.fromEntries(names.map((name, index) => [name, index + 3])));
    await write('t', [1, 2, 3, 4, 5, 6], { 'tokenizer.json': special('<t>', '<|reserved_0|>', '<|reserved_1|>') });
    await write('b', [1, 2, 3, 4, 5], { 'tokenizer.json': special('<|reserved_0|>', '<|reserved_1|>') });
    await write('f', [1, 2, 3, 7, 8], { 'tokenizer.json': special('<|im_start|>', '<|reserved_1|>') });
    const plan = await bench.plan();
    assert.deepEqual(planned(plan, 'lm_head.weight').rows, [
      { count: 3, sources: [0, 0, 0], copied: false },
      { count: 1, sources: [3, null, null], copied: true },
      { count: 2, sources: [4, 3, 3], copied: false },
    ]);
    assert.deepEqual(codes(plan.findings), ['tokens-renamed']);
    const { added_tokens: listed } = JSON.parse(plannedFile(plan, 'tokenizer.json').content!) as { added_tokens: { content: string }[] };
    assert.deepEqual(
      listed.map(({ content }) => content),
      ['<t>', '<|im_start|>', '<|reserved_1|>'],
    );
  });

  it('takes the files of a fine-tune that renamed a token of the target itself', async () => {
    await write('t', [1, 2, 3, 4], { 'tokenizer.json': tokenizerJson(words, { '<|reserved_0|>': 3 }) });
    await write('b', [1, 2, 3, 4], { 'tokenizer.json': tokenizerJson(words, { '<|reserved_0|>': 3 }) });
    await write('f', [1, 2, 3, 7], { 'tokenizer.json': tokenizerJson(words, { '<|im_start|>': 3 }) });
    const plan = await bench.plan();
    assert.equal(planned(plan, 'lm_head.weight').rows, null);
    assert.equal(plannedFile(plan, 'tokenizer.json').from, 'finetuned');
  });

  it('matches SentencePiece models by piece, and refuses one that cannot be read', async () => {
    const pieces = pieceModel(['<unk>', 2], ['▁a', 1], ['▁b', 1]);
    for (const name of ['b', 'f']) {
      await write(name, [1, 2, 3]);
      await writeFile(bench.path(`${name}/tokenizer.model`), pieces);
    }
    await write('t', [1, 2, 3], { 'tokenizer.json': tokenizerJson(inOrder('▁b', '▁a', '<unk>')) });
    assert.deepEqual(await rowsOf(), [
      { count: 1, sources: [0, 2, 2], copied: false },
      { count: 1, sources: [1, 1, 1], copied: false },
      { count: 1, sources: [2, 0, 0], copied: false },
    ]);
    await writeFile(bench.path('f/tokenizer.model'), pieces.subarray(0, 9));
    await assert.rejects(bench.plan(), /f\/tokenizer\.model: no vocabulary can be read from it: a field of \d+ bytes is cut off/);
  });

  it('refuses rows by index where one version has no tokenizer and the others have different ones, but on request', async () => {
    await write('t', [1, 2, 3]);
    await write('b', [1, 2, 3], { 'tokenizer.json': tokenizerJson(words) });
    await write('f', [1, 2, 3], { 'tokenizer.json': tokenizerJson(inOrder('b', 'a', 'c')) });
    assert.deepEqual(codes((await bench.plan()).refusals), ['vocabularies-unrelated']);
    assert.deepEqual((await bench.plan({ vocabulary: 'rows' })).refusals, []);
  });

  it('says once what the files of several versions disagree about, and which templates stay behind', async () => {
    const files = {
      'tokenizer.json': tokenizerJson(words),
      'tokenizer_config.json': { add_bos_token: true, bos_token: 'a' },
    };
    for (const name of ['t', 'f', 'b']) await write(name, [1, 2, 3], files);
    await mkdir(bench.path('f/additional_chat_templates'));
    await writeFile(bench.path('f/additional_chat_templates/tool_use.jinja'), 'x');
    const plan = await bench.plan();
    assert.deepEqual(codes(plan.findings), ['bos-differs', 'chat-templates-left']);
    assert.match(plan.findings[0]!.message, /^Of target, finetuned and base: tokenizer_config\.json asks for a token/);
  });
});
