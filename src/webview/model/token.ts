const visible: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥', ' ': '␣' };

/** A token with its white space and control characters made visible. */
export function tokenText(token: string): string {
  return Array.from(token, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return visible[character] ?? (code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : character);
  }).join('');
}
