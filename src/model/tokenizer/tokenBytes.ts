import { isRecord } from '../../base/json/record.js';
import { componentsOf, type Component } from './faithfulSplits.js';

/** Bytes that vocabulary entries stand for. */
export type TokenBytes = (token: string) => Uint8Array;

/**
 * How a tokenizer's entries spell bytes: byte-level ones have a character for each byte, others are text with `▁` for a
 * space and `<0x0A>` for a byte. Added tokens stand for their own text.
 */
export function tokenBytesOf(tokenizer: Component, addedTokens: ReadonlySet<string>): TokenBytes {
  const vocabularyBytes = isByteLevel(tokenizer) ? byteLevelBytes : textBytes(hasByteFallback(tokenizer));
  return (token) => (addedTokens.has(token) ? Buffer.from(token, 'utf8') : vocabularyBytes(token));
}

function isByteLevel(tokenizer: Component): boolean {
  const parts = [...componentsOf(tokenizer['pre_tokenizer'], 'pretokenizers'), ...componentsOf(tokenizer['decoder'], 'decoders')];
  return parts.some(({ type }) => type === 'ByteLevel');
}

function hasByteFallback({ model }: Component): boolean {
  return isRecord(model) && model['byte_fallback'] === true;
}

function textBytes(hasBytes: boolean): TokenBytes {
  return (token) => {
    const byte = hasBytes ? /^<0x([0-9A-F]{2})>$/.exec(token)?.[1] : undefined;
    return byte === undefined ? Buffer.from(token.replaceAll('▁', ' '), 'utf8') : Uint8Array.of(parseInt(byte, 16));
  };
}

const byteOfCharacter = characterTable();
const characterOfByte = [...byteOfCharacter.keys()];

/** Bytes as byte-level tokenizers spell them in their vocabulary. */
export function byteLevelText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => characterOfByte[byte]!).join('');
}

function byteLevelBytes(token: string): Uint8Array {
  const bytes = Array.from(token, (character) => byteOfCharacter.get(character));
  return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : Buffer.from(token, 'utf8');
}

/** GPT-2's characters for bytes: those of Latin-1 that print stand for themselves, the others follow from U+0100 on, in order. */
function characterTable(): Map<string, number> {
  const prints = (byte: number): boolean => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad && byte <= 0xff);
  let next = 0x100;
  return new Map(Array.from({ length: 256 }, (_, byte) => [String.fromCodePoint(prints(byte) ? byte : next++), byte]));
}
