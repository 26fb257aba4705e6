import { join } from 'node:path';
import type { Tokenizer } from '@huggingface/tokenizers';
import { CompanionReader, type Checkpoint, type Tensor, folderOf } from '../../checkpoint/index.js';
import { parseTensorName } from '../names/index.js';

/** Tensors whose rows are tokens, by the names the common architectures give them outside layers. */
const embeddingName = /(^|\.)(embed_tokens|wte|word_embeddings|embed_in|embed_out|lm_head|tok_embeddings|output)(\.weight)?$/;

/**
 * Names the rows of an embedding by the tokenizer beside the weights.
 * @returns a function from row to token text (null for rows that are no token), or null when the tensor is no
 * embedding or no readable `tokenizer.json` lies beside it: comparing says so (`companion-unreadable`)
 */
export async function readTokenNames(checkpoint: Checkpoint, tensor: Tensor): Promise<((row: number) => string | null) | null> {
  if (!embeddingName.test(tensor.name) || parseTensorName(tensor.name).layer !== '') return null;
  const folder = folderOf(checkpoint);
  const [tokenizer, config] = await Promise.all([
    readable(join(folder, 'tokenizer.json')),
    readable(join(folder, 'tokenizer_config.json')),
  ]);
  if (!tokenizer) return null;
  try {
    const library = await import('@huggingface/tokenizers'); // on demand: it would cost every start 10 ms
    const loaded = new library.Tokenizer(tokenizer, config ?? {});
    return (row) => tokenText(loaded, row);
  } catch {
    return null; // a tokenizer this library cannot load costs the names, not the numbers
  }
}

/** The token as text; as the vocabulary spells it where it is only part of a character. */
function tokenText(tokenizer: Tokenizer, id: number): string | null {
  const spelled = tokenizer.id_to_token(id);
  if (spelled === undefined) return null;
  const text = tokenizer.decode([id], { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  return text === '' || text.includes('\uFFFD') ? spelled : text;
}

function readable(path: string): Promise<object | null> {
  return new CompanionReader().object(path).catch(() => null);
}
