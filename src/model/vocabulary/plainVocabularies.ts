import type { JsonObject } from '../../base/json/readJson.js';
import { isRecord } from '../../base/json/record.js';
import { byteLevelText } from '../tokenizer/index.js';
import { addedToken, type CoreVocabulary } from './coreVocabulary.js';
import { isTokenId } from './scanTokenizer.js';

/** `vocab.json` maps tokens to ids. Null when it does not. */
export function readVocabJson(root: JsonObject): CoreVocabulary | null {
  const entries = Object.entries(root);
  if (entries.length === 0 || !entries.every(([, id]) => isTokenId(id))) return null;
  return { words: new Map(entries as [string, number][]), size: entries.length, added: [] };
}

/** `vocab.txt` has a token on each line. */
export function readVocabText(text: string): CoreVocabulary {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return { words: new Map(lines.map((token, id) => [token, id])), size: lines.length, added: [] };
}

/**
 * Ranks of byte sequences, a line each: `base64 rank`. They are spelled as byte-level tokenizers spell them, as in the
 * `tokenizer.json` that such a file is converted to.
 * @returns null when a line is something else
 */
export function readTiktoken(text: string): CoreVocabulary | null {
  const words = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, code, rank] = /^([A-Za-z0-9+/]+=*) (\d{1,8})\s*$/.exec(line) ?? [];
    if (code === undefined || !isTokenId(Number(rank))) return null;
    words.set(byteLevelText(Buffer.from(code, 'base64')), Number(rank));
  }
  return words.size === 0 ? null : { words, size: words.size, added: [] };
}

/**
 * Mistral's `tekken.json`: special tokens have the first rows, unnamed ones among them are `<SPECIAL_i>`, and byte sequences
 * follow by their rank, up to the size that `config` states.
 * @returns null when it is something else
 */
export function readTekken({ config, vocab, special_tokens: specials }: JsonObject): CoreVocabulary | null {
  if (!isRecord(config) || !Array.isArray(vocab)) return null;
  const [size, specialCount] = [config['default_vocab_size'], config['default_num_special_tokens']];
  if (!isTokenId(size) || !isTokenId(specialCount) || specialCount > size) return null;
  const names = new Map((Array.isArray(specials) ? specials : []).flatMap(specialName));
  const special = Array.from({ length: specialCount }, (_, rank) => names.get(rank) ?? `<SPECIAL_${rank}>`);
  const words = new Map(special.map((name, rank) => [name, rank]));
  for (const entry of vocab.slice(0, size - specialCount) as unknown[]) {
    if (!isRecord(entry) || !isTokenId(entry['rank']) || typeof entry['token_bytes'] !== 'string') return null;
    words.set(byteLevelText(Buffer.from(entry['token_bytes'], 'base64')), specialCount + entry['rank']);
  }
  return { words, size: words.size, added: special.map((name) => addedToken(name, true)) };
}

function specialName(entry: unknown): [number, string][] {
  if (!isRecord(entry) || !isTokenId(entry['rank']) || typeof entry['token_str'] !== 'string') return [];
  return [[entry['rank'], entry['token_str']]];
}

/** XLM-R's order of a SentencePiece model's pieces: four special tokens first, the others a row later than their pieces. */
export function inFairseqOrder({ words, added }: CoreVocabulary): CoreVocabulary {
  const first = ['<s>', '<pad>', '</s>', '<unk>'];
  const pieces = [...words].filter(([, id]) => id > 2).map(([token, id]): [string, number] => [token, id + 1]);
  const moved = new Map([...first.map((token, id): [string, number] => [token, id]), ...pieces]);
  return { words: moved, size: moved.size, added: [...added, addedToken('<pad>', true)] };
}
