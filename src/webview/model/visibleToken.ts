import { visibleText } from '../../base/visibleText.js';

/** White space that a token may consist of, as keyboards and editors draw it. */
const whiteSpace: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥', ' ': '␣' };

/** A token, with its white space visible too. */
export function visibleToken(token: string): string {
  return visibleText(Array.from(token, (character) => whiteSpace[character] ?? character).join(''));
}
