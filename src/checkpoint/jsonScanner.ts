import { isOutOfRange } from './jsonNumber.js';
import { WordReader } from './wordReader.js';

/** A fault in JSON text: where, and what was found there. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';

  constructor(
    readonly problem: string,
    /** Byte offset in the scanned bytes. */
    readonly position: number,
  ) {
    super(`${problem} at byte ${position}`);
  }
}

/** An unsigned 64-bit integer: a number up to 2^53 - 1, a bigint above, so that `===` and `<` compare exactly. */
export type U64 = number | bigint;

/** The reference refuses the 128th open bracket. */
const nestingLimit = 128;
const largestU64 = 0xffff_ffff_ffff_ffffn;
/** Every number of this many digits is below 2^53. */
const safeDigits = 15;

/** No number of this many digits without an exponent overflows float64. */
const largestFiniteDigits = 300;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const zero = 0x30;
const minus = 0x2d;
const plus = 0x2b;
const point = 0x2e;
const lowerE = 0x65;
const upperE = 0x45;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

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

/**
 * A strict pull reader of JSON over UTF-8 bytes that the caller has validated. Unlike `JSON.parse` it shows every
 * member of an object, duplicates included, and tells `1` from `1.0`. Every method throws `JsonFault`.
 */
export class JsonScanner {
  private position = 0;
  private depth = 0;
  private readonly text: Buffer;
  private readonly words: WordReader;

  constructor(private readonly bytes: Uint8Array) {
    this.text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.words = new WordReader(this.text);
  }

  /** Offset of the next byte that is not white space. */
  get nextPosition(): number {
    this.peek();
    return this.position;
  }

  isAtObject(): boolean {
    return this.peek() === openBrace;
  }

  isAtArray(): boolean {
    return this.peek() === openBracket;
  }

  isAtString(): boolean {
    return this.peek() === quote;
  }

  isAtNull(): boolean {
    return this.peek() === 0x6e;
  }

  fail(problem: string, position = this.position): never {
    throw new JsonFault(problem, position);
  }

  /** Reads an object; `onMember` must consume the member's value. */
  readObject(onMember: (key: string, keyPosition: number) => void): void {
    this.enter(openBrace, 'an object');
    for (let first = true; !this.leave(closeBrace); first = false) {
      if (!first) this.expect(comma, '"," or "}"');
      const keyPosition = this.nextPosition;
      const key = this.readString();
      this.expect(colon, '":"');
      onMember(key, keyPosition);
    }
  }

  /** Reads an array; `onElement` must consume one value. */
  readArray(onElement: (index: number) => void): void {
    this.enter(openBracket, 'an array');
    for (let index = 0; !this.leave(closeBracket); index++) {
      if (index > 0) this.expect(comma, '"," or "]"');
      onElement(index);
    }
  }

  readString(): string {
    if (this.peek() !== quote) this.fail(`expected a string, found ${this.found()}`);
    const start = ++this.position;
    let high = 0;
    for (;;) {
      const byte = this.bytes[this.position] ?? this.fail('the string does not end');
      if (byte === quote) break;
      if (byte === backslash) return this.readEscapedString(start);
      if (byte < 0x20) this.fail(`control character ${byte} inside a string`);
      high |= byte;
      this.position++;
    }
    return this.words.read(high < 0x80 ? 'latin1' : 'utf8', start, this.position++);
  }

  /** Reads an integer from 0 to 2^64 - 1; a sign, a fraction or an exponent is a fault, as in the reference. */
  readUnsigned(): U64 {
    if (!isDigit(this.peek())) this.fail(`expected a non-negative integer, found ${this.found()}`);
    const start = this.position;
    let value = 0;
    for (let byte = this.bytes[start]!; isDigit(byte); byte = this.bytes[++this.position] ?? -1) {
      value = value * 10 + (byte - zero);
    }
    this.requirePlainInteger(start);
    return this.position - start <= safeDigits ? value : this.toU64(start);
  }

  readNull(): void {
    this.peek();
    this.skipWord('null');
  }

  /** Consumes any value, checking its syntax, number ranges and nesting. */
  skipValue(): void {
    const byte = this.peek();
    if (byte === quote) this.readString();
    else if (byte === openBrace) this.readObject(() => this.skipValue());
    else if (byte === openBracket) this.readArray(() => this.skipValue());
    else if (byte === minus || isDigit(byte)) this.skipNumber();
    else this.skipLiteral(byte);
  }

  /** Only white space may follow the top value. */
  expectEnd(): void {
    if (this.peek() !== -1) this.fail(`expected the end of the header, found ${this.found()}`);
  }

  private requirePlainInteger(start: number): void {
    if (this.bytes[start] === zero && this.position > start + 1) this.fail('a number starts with 0', start);
    const next = this.bytes[this.position];
    if (next === point || next === lowerE || next === upperE) this.fail('expected an integer, found a fraction or an exponent', start);
  }

  private toU64(start: number): U64 {
    const value = BigInt(this.text.toString('latin1', start, this.position));
    if (value > largestU64) this.fail(`${value} does not fit 64 bits`, start);
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  private peek(): number {
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte ?? -1;
      this.position++;
    }
  }

  private enter(bracket: number, name: string): void {
    if (this.peek() !== bracket) this.fail(`expected ${name}, found ${this.found()}`);
    this.depth++;
    if (this.depth === nestingLimit) this.fail('values are nested too deeply');
    this.position++;
  }

  private leave(bracket: number): boolean {
    if (this.peek() !== bracket) return false;
    this.depth--;
    this.position++;
    return true;
  }

  private expect(byte: number, name: string): void {
    if (this.peek() !== byte) this.fail(`expected ${name}, found ${this.found()}`);
    this.position++;
  }

  private found(): string {
    const byte = this.bytes[this.position];
    if (byte === undefined) return 'the end of the header';
    return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, '0')}`;
  }

  private readEscapedString(start: number): string {
    let result = '';
    for (let from = start; ; ) {
      const byte = this.bytes[this.position] ?? this.fail('the string does not end');
      if (byte < 0x20) this.fail(`control character ${byte} inside a string`);
      if (byte !== quote && byte !== backslash) {
        this.position++;
        continue;
      }
      result += this.text.toString('utf8', from, this.position++);
      if (byte === quote) return result;
      result += this.readEscape();
      from = this.position;
    }
  }

  private readEscape(): string {
    const byte = this.bytes[this.position++];
    if (byte === 0x75) return this.readUnicodeEscape();
    return escapes.get(byte ?? -1) ?? this.fail('unknown escape in a string', this.position - 1);
  }

  private readUnicodeEscape(): string {
    const unit = this.readHexUnit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    const isPair = unit < 0xdc00 && this.bytes[this.position] === backslash && this.bytes[this.position + 1] === 0x75;
    if (!isPair) this.fail('half of a surrogate pair in a string');
    this.position += 2;
    const trail = this.readHexUnit();
    if (trail < 0xdc00 || trail > 0xdfff) this.fail('half of a surrogate pair in a string');
    return String.fromCharCode(unit, trail);
  }

  private readHexUnit(): number {
    const digits = this.text.toString('latin1', this.position, this.position + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('expected four hexadecimal digits after "\\u"');
    this.position += 4;
    return Number.parseInt(digits, 16);
  }

  private skipLiteral(byte: number): void {
    if (byte === 0x6e) this.skipWord('null');
    else if (byte === 0x74) this.skipWord('true');
    else if (byte === 0x66) this.skipWord('false');
    else this.fail(`expected a value, found ${this.found()}`);
  }

  private skipWord(word: string): void {
    const end = this.position + word.length;
    if (this.text.toString('latin1', this.position, end) !== word) this.fail(`expected ${word}`);
    this.position = end;
  }

  private skipNumber(): void {
    const start = this.position;
    this.skipByte(minus);
    if (!this.skipByte(zero)) this.skipDigits();
    if (isDigit(this.bytes[this.position] ?? -1)) this.fail('a number starts with 0');
    if (this.skipByte(point)) this.skipDigits();
    const hasExponent = this.skipByte(lowerE) || this.skipByte(upperE);
    if (hasExponent) {
      if (!this.skipByte(plus)) this.skipByte(minus);
      this.skipDigits();
    }
    if (hasExponent || this.position - start > largestFiniteDigits) this.checkRange(start);
  }

  private skipByte(byte: number): boolean {
    if (this.bytes[this.position] !== byte) return false;
    this.position++;
    return true;
  }

  private skipDigits(): void {
    const start = this.position;
    while (isDigit(this.bytes[this.position] ?? -1)) this.position++;
    if (this.position === start) this.fail(`expected a digit, found ${this.found()}`);
  }

  private checkRange(start: number): void {
    const number = this.text.toString('latin1', start, this.position);
    if (isOutOfRange(number)) this.fail(`${number} is out of range`, start);
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
