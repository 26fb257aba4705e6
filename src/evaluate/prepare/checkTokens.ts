import type { ModelGraph } from '../graph/index.js';
import type { PreparedTask } from '../tasks/index.js';
import type { Tokenizer } from '../../model/tokenizer/index.js';
import { FormatError, quoteName } from '../../base/formatError.js';
import { formatCount, plural } from '../../base/format.js';

/**
 * Every token must have a row in the embedding: a tokenizer that was extended, or belongs to another model, has others.
 * @throws FormatError naming the tokenizer's file, the token and the rows there are
 */
export async function checkTokens(
  tasks: readonly PreparedTask[],
  tokenizer: Tokenizer,
  { vocabularySize, embedding }: Pick<ModelGraph, 'vocabularySize' | 'embedding'>,
): Promise<void> {
  for (const { path, sequences } of tasks) {
    for (const { tokens } of sequences) {
      const token = tokens.find((id) => id >= vocabularySize);
      if (token === undefined) continue;
      const spelling = quoteName(await tokenizer.spell(token));
      throw new FormatError({
        file: tokenizer.file,
        problem: `the token ${spelling}, which ${path} has, lies outside the models' vocabulary`,
        expected: `an id below ${formatCount(vocabularySize)}, for ${embedding.tensor} has ${plural(vocabularySize, 'row')}`,
        actual: `id ${formatCount(token)}`,
        remedy: 'Use the tokenizer that belongs to the models, or give the embedding a row for each of its tokens.',
      });
    }
  }
}
