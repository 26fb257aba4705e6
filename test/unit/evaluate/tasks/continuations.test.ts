import * as assert from 'node:assert/strict';
import { encodeContinuations } from '../../../../src/evaluate/tasks/encodeContinuations.js';
import { fitSequence } from '../../../../src/evaluate/tasks/fitSequence.js';
import { goldenTokenizer, inThisThread, readGolden, readGoldenPairs } from '../support/tokenizers.js';

describe('continuations of a prompt', () => {
  for (const kind of ['sample', 'gpt2', 'llama3', 'qwen2', 'llama2', 'gemma', 'mistral', 'unigram_nfkc'])
    it(`are cut where lm-evaluation-harness cuts them (${kind})`, async () => {
      const tokenizer = inThisThread(await goldenTokenizer(kind));
      const prompts = readGoldenPairs().map(([prompt, continuation]) => ({ prompt, continuations: [continuation] }));
      for (const [i, [encoded]] of (await encodeContinuations(tokenizer, prompts)).entries()) {
        const { tokens, cut } = encoded!;
        assert.deepEqual([Array.from(tokens), cut], readGolden(kind).pairs[i], JSON.stringify(prompts[i]));
      }
    });
});

describe('a sequence for a continuation', () => {
  const continuation = { tokens: Uint32Array.of(1, 2, 3, 4, 5, 6), cut: 4 };

  it('has all tokens where they fit', () => {
    assert.deepEqual(fitSequence(continuation, 9, 7), { tokens: Uint32Array.of(9, 1, 2, 3, 4, 5, 6), firstScored: 5, promptCut: false });
    assert.deepEqual(fitSequence(continuation, null, null), { tokens: continuation.tokens, firstScored: 4, promptCut: false });
  });

  it('loses the beginning of the prompt where they do not, down to one token before the first scored', () => {
    assert.deepEqual(fitSequence(continuation, 9, 5), { tokens: Uint32Array.of(9, 3, 4, 5, 6), firstScored: 3, promptCut: true });
    assert.deepEqual(fitSequence(continuation, 9, 3), { tokens: Uint32Array.of(9, 5, 6), firstScored: 1, promptCut: true });
    assert.deepEqual(fitSequence(continuation, null, 3), { tokens: Uint32Array.of(4, 5, 6), firstScored: 1, promptCut: true });
  });

  it('is impossible where the continuation alone is too long', () => {
    const problem = 'what follows the prompt has 2 tokens, and the models read at most 2 with one before';
    for (const bosToken of [9, null]) assert.equal(fitSequence(continuation, bosToken, 2), problem);
  });
});
