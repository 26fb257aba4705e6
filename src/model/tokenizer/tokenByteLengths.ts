import type { LoadedTokenizer } from './tokenizer.js';

const space = 0x20;

/**
 * UTF-8 bytes of a text that each of its tokens stands for. A space that the tokenizer put before a token is none.
 * @returns null where the tokens do not spell the text byte for byte: it was normalised, or has unknown tokens
 */
export function tokenByteLengths({ bytesOf }: LoadedTokenizer, text: string, tokens: Uint32Array): Uint32Array | null {
  const bytes = Buffer.from(text, 'utf8');
  const lengths = new Uint32Array(tokens.length);
  let position = 0;
  for (const [i, token] of tokens.entries()) {
    const length = matchingLength(bytes, position, bytesOf(token));
    if (length === null) return null;
    lengths[i] = length;
    position += length;
  }
  return position === bytes.byteLength ? lengths : null;
}

/** Bytes that a token covers of a text from a position on; null where they differ. */
function matchingLength(bytes: Uint8Array, position: number, spelled: Uint8Array): number | null {
  if (startsWith(bytes, position, spelled)) return spelled.byteLength;
  const withoutSpace = spelled.subarray(1);
  return spelled[0] === space && startsWith(bytes, position, withoutSpace) ? withoutSpace.byteLength : null;
}

function startsWith(bytes: Uint8Array, position: number, part: Uint8Array): boolean {
  for (let i = 0; i < part.length; i++) if (bytes[position + i] !== part[i]) return false;
  return true;
}
