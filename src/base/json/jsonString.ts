import type { JsonCursor } from './jsonCursor.js';
import type { WordReader } from './wordReader.js';

const quote = 0x22;
const backslash = 0x5c;
const unicodeEscape = 0x75;

const escapes = new Map<number, string>([
  [0x22, '"'],
  [0x5c, '\\'],
  [0x2f, '/'],
  [0x62, '\b'],
  [0x66, '\f'],
  [0x6e, '\n'],
  [0x72, '\r'],
  [0x74, '\t'],
]);

/** Reads a string; control characters, unknown escapes and halves of surrogate pairs are faults. */
export function readString(cursor: JsonCursor, words: WordReader): string {
  if (cursor.peek() !== quote) cursor.fail(`expected a string, found ${cursor.found()}`);
  const start = ++cursor.position;
  let bits = 0;
  for (;;) {
    const byte = stringByte(cursor);
    if (byte === quote) break;
    if (byte === backslash) return readEscapedString(cursor, start);
    bits |= byte;
    cursor.position++;
  }
  return words.read(bits < 0x80 ? 'latin1' : 'utf8', start, cursor.position++);
}

function stringByte(cursor: JsonCursor): number {
  const { byte } = cursor;
  if (byte === -1) cursor.fail('the string does not end');
  if (byte < 0x20) cursor.fail(`control character ${byte} inside a string`);
  return byte;
}

function readEscapedString(cursor: JsonCursor, start: number): string {
  const parts: string[] = [];
  for (let from = start; ;) {
    const byte = stringByte(cursor);
    const end = cursor.position++;
    if (byte !== quote && byte !== backslash) continue;
    parts.push(cursor.text.toString('utf8', from, end));
    if (byte === quote) return parts.join('');
    parts.push(readEscape(cursor));
    from = cursor.position;
  }
}

function readEscape(cursor: JsonCursor): string {
  const { byte } = cursor;
  cursor.position++;
  if (byte === unicodeEscape) return readUnicodeEscape(cursor);
  return escapes.get(byte) ?? cursor.fail('unknown escape in a string', cursor.position - 1);
}

function readUnicodeEscape(cursor: JsonCursor): string {
  const unit = readHexUnit(cursor);
  if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
  const isPair = unit < 0xdc00 && cursor.skip(backslash) && cursor.skip(unicodeEscape);
  const trail = isPair ? readHexUnit(cursor) : 0;
  if (trail < 0xdc00 || trail > 0xdfff) cursor.fail('half of a surrogate pair in a string');
  return String.fromCharCode(unit, trail);
}

function readHexUnit(cursor: JsonCursor): number {
  const digits = cursor.text.toString('latin1', cursor.position, cursor.position + 4);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) cursor.fail('expected four hexadecimal digits after "\\u"');
  cursor.position += 4;
  return Number.parseInt(digits, 16);
}
