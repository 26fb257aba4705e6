/**
 * A byte-level BPE tokenizer of as many tokens as asked for, and texts whose length in tokens is known beforehand.
 *
 * Merges join a consonant and a vowel to a syllable, two syllables to a word, and a space with a word. No pair of letters
 * can be joined in two ways, so that every word of a text is one token, whatever the ranks. Tokens that are left over are
 * reserved ones, without merges.
 */

const syllables = [...'bcdfghjklmnpqrstvwxz'].flatMap((consonant) => [...'aeiouy'].map((vowel) => [consonant, vowel]));
const wordPairs = syllables.flatMap((first) => syllables.map((second) => [first.join(''), second.join('')]));
const words = wordPairs.map((pair) => pair.join(''));
const space = 'Ġ';
const merges = [...syllables, ...wordPairs, ...words.map((word) => [space, word])];

/** The content of a `tokenizer.json`. */
export function makeTokenizer(vocabularySize) {
  const tokens = [...byteSymbols(), ...merges.map((pair) => pair.join(''))];
  const reserved = Array.from({ length: vocabularySize - tokens.length }, (_, i) => `<reserved ${i}>`);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries([...tokens, ...reserved].map((token, id) => [token, id])),
      merges,
    },
  };
}

/** A text of this many tokens: words spread over the whole list. */
export function makeText(tokenCount) {
  return Array.from({ length: tokenCount }, (_, i) => words[(i * 7919) % words.length]).join(' ');
}

/** The characters that stand for the 256 bytes: printable ones for themselves, the others from U+0100 on. */
function byteSymbols() {
  const printable = (byte) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}
