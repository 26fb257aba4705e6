/** White space that a token may consist of, as keyboards and editors draw it. */
const whiteSpace: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥', ' ': '␣' };

/** Controls (Cc) and formats (Cf): among them what turns the direction of text around, and what has no width. */
const invisible = /[\p{Cc}\p{Cf}]/gu;

/** A name as it really is: characters that hide or reorder text are written as escapes, e.g. `\u{202e}`. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A token, with its white space visible too. */
export function visibleToken(token: string): string {
  return visibleText(Array.from(token, (character) => whiteSpace[character] ?? character).join(''));
}
