import { quoteName } from '../formatError.js';

const shown = 3;

/** `"a", "b", "c" and 7 more`. */
export function nameList(names: readonly string[]): string {
  const rest = names.length - shown;
  return names.slice(0, shown).map(quoteName).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** `1 tensor`, `2 tensors`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
