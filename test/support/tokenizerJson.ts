/** Text of a `tokenizer.json` with these words and added tokens, each with its id. */
export function tokenizerJson(
  words: Readonly<Record<string, number>>,
  added: Readonly<Record<string, number>> = {},
  special: readonly string[] = Object.keys(added),
): string {
  const tokens = Object.entries(added).map(([content, id]) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: special.includes(content),
  }));
  return JSON.stringify({ version: '1.0', added_tokens: tokens, model: { type: 'BPE', vocab: words, merges: [] } });
}

/** Words with ids in order from 0. */
export function inOrder(...words: readonly string[]): Record<string, number> {
  return Object.fromEntries(words.map((word, id) => [word, id]));
}
