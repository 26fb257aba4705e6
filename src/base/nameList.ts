import { quoteName } from './formatError.js';

const shown = 5;

/** `"a", "b" and 7 more`: names in a message; `total` counts those that are not in the list as well. */
export function nameList(names: readonly string[], total = names.length): string {
  const rest = total - shown;
  return names.slice(0, shown).map(quoteName).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** `a`, `a and b`, `a, b and c`. */
export function andList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `a, b and c`, or `a, b, c and 7 more`: names that need no quotes. */
export function shortList(names: readonly string[], most = 3): string {
  return names.length <= most ? andList(names) : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
