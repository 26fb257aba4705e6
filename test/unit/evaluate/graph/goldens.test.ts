import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { largestDifference, loadExpected, logitDifference, openGolden, type Expected } from './golden.js';
import type { PlainRunner } from './plainRunner.js';
import { goldens } from './storedModel.js';

/** Rows of the vocabulary at once, so that there are several blocks of different size. */
const blockRows = 17;

describe('model graphs compute what transformers computes', () => {
  for (const name of readdirSync(goldens)) {
    it(name, async () => {
      const expected = await loadExpected(name);
      const runner = await openGolden(name);
      assert.ok((await logitDifference(runner, expected)) < 1e-4);
      assert.ok(largestDifference(await meanLosses(runner, expected), expected.losses) < 1e-5);
    });
  }

  it('whatever a checkpoint calls its parts', async () => {
    const base = (tensor: string) => tensor.replace(/^transformer\./, '');
    assert.ok((await logitDifference(await openGolden('gpt2', { rename: base }), await loadExpected('gpt2'))) < 1e-4);
    const newer = (tensor: string) => tensor.replace(/^language_model\.model\./, 'model.language_model.');
    assert.ok((await logitDifference(await openGolden('gemma3', { rename: newer }), await loadExpected('gemma3'))) < 1e-4);
  });
});

/** Mean −log p of the tokens after the first of each sequence. */
async function meanLosses(runner: PlainRunner, { tokens, lengths }: Expected): Promise<number[]> {
  const next = tokens.flatMap((sequence) => [...sequence.slice(1), 0]);
  const losses = await runner.losses(tokens, next, blockRows);
  return lengths.map((length, i) => {
    const first = i * tokens[0]!.length;
    return losses.slice(first, first + length - 1).reduce((sum, loss) => sum + loss, 0) / (length - 1);
  });
}
