import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { goldenTokenizer, readGolden, readGoldenTexts } from '../../evaluate/support/tokenizers.js';

const kinds = [
  ...['sample', 'gpt2', 'prefix_space', 'llama3', 'qwen2', 'neox', 'digits', 'merged', 'whitespace'],
  ...['llama2', 'phi3', 'gemma', 'mistral', 'unigram_nfkc', 'unigram_words'],
];

/** White space beside a token that swallows it: the library strips U+FEFF, which is none in Rust, and not U+0085, which is. */
const knownDifference = /[\u0085\ufeff]<mask>/;

/** Texts whose ids differ from the Rust library's, and those that are known to. */
async function differences(kind: string): Promise<{ found: string[]; known: string[] }> {
  const tokenizer = await goldenTokenizer(kind);
  const { ids } = readGolden(kind);
  const texts = readGoldenTexts();
  const found = texts.filter((text, i) => JSON.stringify([...tokenizer.encode(text)]) !== JSON.stringify(ids[i]));
  return { found, known: kind === 'prefix_space' ? found.filter((text) => knownDifference.test(text)) : [] };
}

describe('the ids of a tokenizer', () => {
  for (const kind of kinds)
    it(`of the kind ${kind} are those of the Rust library on texts of many scripts`, async () => {
      assert.ok(readGoldenTexts().length > 400);
      const { found, known } = await differences(kind);
      assert.deepEqual(found, known);
    });

  for (const kind of kinds)
    it(`of the kind ${kind} are those of the Rust library on a long text`, async () => {
      const text = ['french', 'python'].map((name) => readFileSync(`samples/text/${name}.txt`, 'utf8')).join('');
      const ids = (await goldenTokenizer(kind)).encode(text);
      const { longCount, longSha256 } = readGolden(kind);
      assert.equal(ids.length, longCount);
      assert.equal(createHash('sha256').update(ids).digest('hex'), longSha256);
    });
});
