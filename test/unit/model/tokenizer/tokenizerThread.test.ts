import assert from 'node:assert/strict';
import { FormatError } from '../../../../src/base/formatError.js';
import { TokenizerThread, type TokenizerFiles } from '../../../../src/model/tokenizer/index.js';
import { encodeText } from '../../../../src/model/tokenizer/encodeText.js';
import { goldenTokenizer, readGolden, readGoldenTexts } from '../../evaluate/support/tokenizers.js';

/** Exponential in any backtracking engine for a text of many `a` that does not end with one. */
const endless = { Regex: '(a+)+$' };
const longText = `${'a'.repeat(40)}!`;

/** The samples' tokenizer with one part replaced. */
function files(change: object): TokenizerFiles {
  const root = JSON.parse(readGolden('sample').tokenizer) as object;
  return {
    file: 'model/tokenizer.json',
    text: JSON.stringify({ ...root, ...change }),
    configText: null,
    modelConfigText: null,
    bos: 'auto',
  };
}

async function secondsToCancel(work: (thread: TokenizerThread) => Promise<unknown>): Promise<number> {
  const cancellation = new AbortController();
  let cancelledAt = NaN;
  setTimeout(() => {
    cancelledAt = performance.now();
    cancellation.abort(new Error('Enough.'));
  }, 300);
  await assert.rejects(TokenizerThread.use(cancellation.signal, work), /Enough\./);
  return (performance.now() - cancelledAt) / 1000;
}

describe('the thread that runs tokenizers', () => {
  it('gives what the tokenizer gives in any thread', async () => {
    const texts = readGoldenTexts();
    const here = await goldenTokenizer('sample');
    await TokenizerThread.use(undefined, async (thread) => {
      const tokenizer = await thread.load(files({}));
      assert.equal(tokenizer.bosToken, 0);
      assert.deepEqual(
        await tokenizer.encode(texts),
        texts.map((text) => encodeText(here, text)),
      );
      assert.equal(await tokenizer.spell(0), '<s>');
    });
  });

  for (const [where, change] of [
    ['pre-tokenizer', { pre_tokenizer: { type: 'Split', pattern: endless, behavior: 'Isolated', invert: false } }],
    ['normalizer', { normalizer: { type: 'Replace', pattern: endless, content: 'b' } }],
    ['merging split', { pre_tokenizer: { type: 'Split', pattern: endless, behavior: 'MergedWithNext', invert: false } }],
  ] as const)
    it(`ends in the midst of an endless expression: ${where}`, async () => {
      const seconds = await secondsToCancel(async (thread) => (await thread.load(files(change))).encode([longText]));
      assert.ok(seconds < 1, `${seconds} s`);
    });

  it('ends in the midst of an endless expression: decoder, which names tokens', async () => {
    const roots = {
      tokenizer: {
        model: { type: 'WordLevel', vocab: { [longText]: 0 }, unk_token: longText },
        decoder: { type: 'Replace', pattern: endless, content: '' },
      },
      config: {},
    };
    const seconds = await secondsToCancel((thread) => thread.nameTokens(roots, [0]));
    assert.ok(seconds < 1, `${seconds} s`);
  });

  it('keeps errors about files what they are', async () => {
    await TokenizerThread.use(undefined, async (thread) => {
      await assert.rejects(thread.load(files({ normalizer: { type: 'Nmt' } })), (error) => {
        assert.ok(error instanceof FormatError);
        return error.fault.file === 'model/tokenizer.json' && /Nmt/.test(error.message);
      });
      await assert.rejects(thread.load(files({ pre_tokenizer: { type: 'Split', pattern: { Regex: '(' } } })), FormatError);
    });
  });

  it('answers nobody after its end', async () => {
    const tokenizer = await TokenizerThread.use(undefined, (thread) => thread.load(files({})));
    await assert.rejects(tokenizer.encode(['text']), /thread was closed/);
  });
});
