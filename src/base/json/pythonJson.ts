import { parseJsonText } from './record.js';

const stringOrFloat = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/**
 * Parses JSON as Python's `json` module writes it: `NaN`, `Infinity` and `-Infinity`, which JSON does not have, become
 * `{"__float__": "Infinity"}`, the form in which transformers 5 writes them.
 * @throws SyntaxError
 */
export function parsePythonJson(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    const tagged = text.replace(stringOrFloat, (token) => (token.startsWith('"') ? token : `{"__float__": "${token}"}`));
    if (tagged === text) throw error;
    return parseJsonText(tagged);
  }
}

/** The text with digits in place of those numbers, as long as they are, for readers of places in plain JSON. */
export function maskFloats(text: string): string {
  return text.replace(stringOrFloat, (token) => (token.startsWith('"') ? token : '1'.repeat(token.length)));
}
