import { FileAccessError, FormatError, quoteName } from '../base/formatError.js';
import { plural } from '../base/format.js';
import type { CompanionReader, Finding } from '../checkpoint/index.js';
import type { Model } from '../model/index.js';
import { VocabularyReader, vocabularyPart, type TokenizerVocabulary } from '../model/vocabulary/index.js';
import type { CompanionDifference } from './report/index.js';

/** Files that say which token a row stands for. */
const vocabularyFiles = /^(?:tokenizer|vocab|added_tokens|special_tokens_map|tokenizer_config)\.json$|\.model$|^vocab\.txt$/;

/**
 * Rows of embeddings are compared by index. Says where they stand for other tokens in B than in A, by the versions' own files.
 * @param differing the files that are not the same on both sides: only then there is anything to read
 */
export async function tokenRowFindings(
  a: Model,
  b: Model,
  differing: readonly CompanionDifference[],
  companions: CompanionReader,
): Promise<Finding[]> {
  const hasRows = [a, b].every(({ parameters }) => parameters.some(({ name }) => vocabularyPart(name) !== null));
  if (!hasRows || !differing.some(({ name }) => vocabularyFiles.test(name))) return [];
  const reader = new VocabularyReader(companions);
  const [own, other] = [await readable(reader, a.folder), await readable(reader, b.folder)];
  if (own === null || other === null) return [];
  const rows = [...own.tokens()].filter(({ id, token }) => (other.tokenOf(id) ?? token) !== token);
  if (rows.length === 0) return [];
  const examples = rows.slice(0, 3).map(({ id, token }) => `${id}: ${quoteName(token)} and ${quoteName(other.tokenOf(id)!)}`);
  const rest = rows.length > examples.length ? ` and ${rows.length - examples.length} more` : '';
  const message = `${plural(rows.length, 'row')} of the embeddings ${rows.length === 1 ? 'stands' : 'stand'} for other tokens in B than in A (${examples.join(', ')}${rest}). Rows are compared by index, so their differences are between different tokens.`;
  return [{ severity: 'warning', code: 'rows-of-other-tokens', message }];
}

/** What cannot be read is said elsewhere (`companion-unreadable`). */
async function readable(reader: VocabularyReader, folder: string): Promise<TokenizerVocabulary | null> {
  try {
    return await reader.read(folder);
  } catch (error) {
    if (error instanceof FormatError || error instanceof FileAccessError) return null;
    throw error;
  }
}
