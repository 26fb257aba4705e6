import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { loadTokenizer, type TokenizerFiles } from '../../../../src/model/tokenizer/loadTokenizer.js';
import { tokenByteLengths } from '../../../../src/model/tokenizer/tokenByteLengths.js';
import type { LoadedTokenizer } from '../../../../src/model/tokenizer/tokenizer.js';
import { leadOf } from '../../../../src/model/tokenizer/bosToken.js';
import { readGoldenFiles } from '../../../support/tokenizerFiles.js';
import { asIs, goldenTokenizer, readGolden, readGoldenTexts, sampleTokenizer } from '../../evaluate/support/tokenizers.js';
import { FormatError } from '../../../../src/base/formatError.js';

type Json = Record<string, unknown>;

/** The samples' tokenizer with some parts replaced. */
function edited(change: Json, config: Json | null = null, more: Partial<TokenizerFiles> = {}): Promise<LoadedTokenizer> {
  const root = JSON.parse(readGolden('sample').tokenizer) as Json;
  const configText = config === null ? null : JSON.stringify(config);
  return loadTokenizer({ file: 'tokenizer.json', text: JSON.stringify({ ...root, ...change }), configText, ...asIs, ...more });
}

function load(text: string, configText: string | null = null): Promise<LoadedTokenizer> {
  return loadTokenizer({ file: 'model/tokenizer.json', text, configText, ...asIs });
}

const template = JSON.parse(readGolden('sample').tokenizer) as { post_processor: Json };

describe('the token before every text', () => {
  const cases: [string, Json, Json | null, number | null][] = [
    ['is the one that the template puts first', {}, null, 0],
    ['is the one of a template in a sequence', { post_processor: { type: 'Sequence', processors: [template.post_processor] } }, null, 0],
    ['is none without a template, whatever bos_token says', { post_processor: null }, { bos_token: '<s>' }, null],
    ['is that of the template where bos_token is null', {}, { bos_token: null }, 0],
  ];
  for (const [title, change, config, expected] of cases)
    it(title, async () => {
      const { bosToken, findings } = await edited(change, config);
      assert.equal(bosToken, expected);
      assert.deepEqual(findings, []);
    });

  it('is that of the template where add_bos_token says otherwise, which is said', async () => {
    const without = await edited({}, { bos_token: '<s>', add_bos_token: false });
    const wanted = await edited({ post_processor: null }, { bos_token: '</s>', add_bos_token: true });
    assert.deepEqual([without.bosToken, wanted.bosToken], [0, null]);
    assert.match(
      without.findings[0]!.message,
      /add_bos_token false\), and tokenizer\.json puts one there\. transformers 5 goes by tokenizer\.json/,
    );
    assert.match(wanted.findings[0]!.message, /add_bos_token true\), and tokenizer\.json puts none there/);
  });

  it('is what the user says, or none of a name that does not exist', async () => {
    const named = { bos_token: { content: '</s>' } };
    assert.equal((await edited({ post_processor: null }, named, { bos: 'always' })).bosToken, 1);
    assert.equal((await edited({}, null, { bos: 'always', modelConfigText: '{"bos_token_id":7}' })).bosToken, 7);
    assert.equal((await edited({}, named, { bos: 'never' })).bosToken, null);
    await assert.rejects(edited({}, null, { bos: 'always' }), /no file names a token that begins texts/);
    await assert.rejects(edited({}, { bos_token: '<begin>' }, { bos: 'always' }), /"<begin>".*not in the vocabulary/);
  });

  it('is the one that transformers puts before a text', () => {
    const golden = readGoldenFiles();
    for (const [index, { files, lead }] of golden.cases.entries()) {
      const tokenizer = files['tokenizer.json'] as Json | undefined;
      if (tokenizer === undefined) continue;
      const tokenizerConfig = (files['tokenizer_config.json'] ?? {}) as Json;
      const words = (tokenizer['model'] as { vocab: Record<string, number> }).vocab;
      const found = leadOf({ tokenizer, tokenizerConfig, modelConfig: files['config.json'] as Json }, (token) => words[token] ?? null);
      assert.deepEqual(found.tokens, lead, `${index} ${JSON.stringify(files)}`);
    }
  });
});

describe('the bytes of tokens', () => {
  for (const kind of ['sample', 'gpt2', 'prefix_space', 'llama3', 'llama2', 'phi3', 'gemma', 'mistral'])
    it(`add up to those of the text (${kind})`, async () => {
      const tokenizer = await goldenTokenizer(kind);
      const byteLevel = ['sample', 'gpt2', 'llama3'].includes(kind);
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), (text) => {
          const lengths = tokenByteLengths(tokenizer, text, tokenizer.encode(text));
          if (lengths === null) assert.ok(!byteLevel || /<|\u0085|\ufeff/.test(text) || text.includes('▁'));
          else
            assert.equal(
              lengths.reduce((sum, length) => sum + length, 0),
              Buffer.byteLength(text),
            );
        }),
      );
    });

  it('are known for every hard text where bytes are the alphabet and nothing is normalised', async () => {
    const tokenizer = await sampleTokenizer();
    for (const text of readGoldenTexts()) assert.ok(tokenByteLengths(tokenizer, text, tokenizer.encode(text)), text);
  });

  it('do not count the space that a tokenizer puts before a text', async () => {
    for (const kind of ['llama2', 'prefix_space']) {
      const tokenizer = await goldenTokenizer(kind);
      const text = 'the inline';
      const tokens = tokenizer.encode(text);
      const spelled = Buffer.concat(Array.from(tokens, (token) => tokenizer.bytesOf(token))).toString();
      assert.equal(spelled, ` ${text}`);
      const lengths = tokenByteLengths(tokenizer, text, tokens)!;
      assert.equal(lengths[0], tokenizer.bytesOf(tokens[0]!).byteLength - 1);
    }
  });

  it('are not known where the text was normalised or has unknown tokens', async () => {
    const neox = await goldenTokenizer('neox');
    assert.equal(tokenByteLengths(neox, 'cafe\u0301', neox.encode('cafe\u0301')), null);
    const unigram = await goldenTokenizer('unigram_nfkc');
    const tokens = unigram.encode('한');
    assert.ok(tokens.includes(unigram.unknownToken!));
    assert.equal(tokenByteLengths(unigram, '한', tokens), null);
  });
});

describe('a tokenizer', () => {
  it('has the hash of its tokenizer.json', async () => {
    const expected = createHash('sha256').update(readFileSync('samples/base-1/tokenizer.json')).digest('hex');
    assert.equal((await sampleTokenizer()).hash, expected);
  });

  it('gives no tokens for an empty text', async () => {
    for (const kind of ['sample', 'llama2', 'unigram_nfkc']) assert.equal((await goldenTokenizer(kind)).encode('').length, 0);
  });

  it('reads Metaspace as older files spell it', async () => {
    const root = JSON.parse(readGolden('unigram_nfkc').tokenizer) as Json;
    const text = JSON.stringify({ ...root, pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: false } });
    const tokenizer = await load(text);
    const spelled = Buffer.concat(Array.from(tokenizer.encode('the end'), (token) => tokenizer.bytesOf(token))).toString();
    assert.equal(spelled, 'the end');
  });

  it('is refused when its file is broken or asks for what is not supported', async () => {
    await assert.rejects(
      load('{'),
      (error: FormatError) => error instanceof FormatError && /model\/tokenizer.json: it is not JSON/.test(error.message),
    );
    await assert.rejects(load('[]'), /not a JSON object/);
    await assert.rejects(load('{}'), FormatError);
    await assert.rejects(load(readGolden('sample').tokenizer, '{'), /tokenizer_config.json.*not JSON/);
    await assert.rejects(edited({ normalizer: { type: 'Nmt' } }), /cannot be used: .*Nmt.*score with a command of your own/);
  });

  it('throws for a text that it has no id for', async () => {
    const root = { model: { type: 'Unigram', unk_id: null, byte_fallback: false, vocab: [['a', -1]] }, added_tokens: [] };
    const tokenizer = await load(JSON.stringify(root));
    assert.deepEqual([...tokenizer.encode('aa')], [0, 0]);
    assert.throws(() => tokenizer.encode('ab'), /no id for "b" and no token for unknown text/);
  });

  it('says what it does otherwise than the Rust library', async () => {
    const root = JSON.parse(readGolden('sample').tokenizer) as { added_tokens: Json[]; model: Json };
    const changes: [Json, RegExp][] = [
      [
        { added_tokens: root.added_tokens.map((token) => ({ ...token, single_word: true })) },
        /2 of its added tokens stand for whole words/,
      ],
      [{ normalizer: { type: 'Sequence', normalizers: [{ type: 'Precompiled', precompiled_charsmap: '' }] } }, /compiled table/],
      [{ pre_tokenizer: { type: 'Split', pattern: { String: 'a' }, behavior: 'Contiguous', invert: false } }, /behaviour Contiguous/],
      [{ model: { ...root.model, dropout: 0.1 } }, /dropout 0.1/],
    ];
    for (const [change, expected] of changes) {
      const { findings } = await edited(change);
      assert.deepEqual(
        findings.map(({ code }) => code),
        ['tokenizer-differs'],
      );
      assert.match(findings[0]!.message, expected);
    }
    assert.deepEqual((await edited({})).findings, []);
  });
});
