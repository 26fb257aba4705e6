import { join } from 'node:path';
import { CompanionReader, type Checkpoint } from '../../checkpoint/index.js';
import { parseTensorName } from '../names/index.js';
import { TokenizerThread } from '../tokenizer/index.js';
import { VocabularyReader } from './vocabularyReader.js';

/** Tensors whose rows are tokens, by the names the common architectures give them outside layers. */
const embeddingName = /(^|\.)(embed_tokens|wte|word_embeddings|embed_in|embed_out|lm_head|tok_embeddings|output)(\.weight)?$/;

/** A tokenizer that takes longer for some names has an expression that may never come to an end. */
const patienceMs = 20_000;

/**
 * Names rows of an embedding by the tokenizer beside the weights.
 * @returns the token's text of each row, null for rows that are no token; null for all when the tensor is no embedding or no
 * usable tokenizer lies beside it: comparing says so (`companion-unreadable`)
 */
export async function readTokenNames(
  checkpoint: Checkpoint,
  name: string,
  rows: readonly number[],
  signal?: AbortSignal,
): Promise<readonly (string | null)[]> {
  const none = rows.map(() => null);
  if (rows.length === 0 || !embeddingName.test(name) || parseTensorName(name).layer !== '') return none;
  const decoded = (await decodedNames(checkpoint.folder, rows, signal)) ?? none;
  if (decoded.every((text) => text !== null)) return decoded;
  const vocabulary = await new VocabularyReader(new CompanionReader(signal)).read(checkpoint.folder).catch(() => null);
  signal?.throwIfAborted();
  return decoded.map((text, index) => text ?? vocabulary?.tokenOf(rows[index]!)?.replaceAll('▁', ' ') ?? null);
}

/** By a `tokenizer.json`, as it decodes them; null where there is none that can be used. */
async function decodedNames(folder: string, rows: readonly number[], signal?: AbortSignal): Promise<readonly (string | null)[] | null> {
  const [tokenizer, config] = await Promise.all([
    readable(join(folder, 'tokenizer.json')),
    readable(join(folder, 'tokenizer_config.json')),
  ]);
  if (!tokenizer) return null;
  const end = AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal === undefined ? [] : [signal])]);
  try {
    return await TokenizerThread.use(end, (thread) => thread.nameTokens({ tokenizer, config: config ?? {} }, rows));
  } catch {
    signal?.throwIfAborted();
    return null; // a tokenizer that cannot be used costs the names, not the numbers
  }
}

function readable(path: string): Promise<object | null> {
  return new CompanionReader().object(path).catch(() => null);
}
