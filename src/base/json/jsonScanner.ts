import { JsonCursor } from './jsonCursor.js';
import { readUnsigned, skipNumber, startsNumber, type U64 } from './jsonNumber.js';
import { readString } from './jsonString.js';
import { WordReader } from './wordReader.js';

/** The reference refuses the 128th open bracket. */
const nestingLimit = 128;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const literals: ReadonlyMap<number, string> = new Map(['null', 'true', 'false'].map((word) => [word.charCodeAt(0), word]));

/**
 * A strict pull reader of JSON over UTF-8 bytes that the caller has validated. Unlike `JSON.parse` it shows every
 * member of an object, duplicates included, and tells `1` from `1.0`. Every method throws `JsonFault`.
 */
export class JsonScanner {
  private readonly cursor: JsonCursor;
  private readonly words: WordReader;
  private depth = 0;

  constructor(bytes: Uint8Array) {
    this.cursor = new JsonCursor(bytes);
    this.words = new WordReader(this.cursor.text);
  }

  /** Offset behind what was read last. */
  get position(): number {
    return this.cursor.position;
  }

  /** Offset of the next byte that is not white space. */
  get nextPosition(): number {
    this.cursor.peek();
    return this.cursor.position;
  }

  isAtObject(): boolean {
    return this.cursor.peek() === openBrace;
  }

  isAtArray(): boolean {
    return this.cursor.peek() === openBracket;
  }

  isAtNull(): boolean {
    return literals.get(this.cursor.peek()) === 'null';
  }

  fail(problem: string, position?: number): never {
    return this.cursor.fail(problem, position);
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
    return readString(this.cursor, this.words);
  }

  /** Reads an integer from 0 to 2^64 - 1. */
  readUnsigned(): U64 {
    return readUnsigned(this.cursor);
  }

  readNull(): void {
    this.cursor.peek();
    this.skipWord('null');
  }

  /** Consumes any value, checking its syntax, number ranges and nesting. */
  skipValue(): void {
    const byte = this.cursor.peek();
    if (byte === quote) this.readString();
    else if (byte === openBrace) this.readObject(() => this.skipValue());
    else if (byte === openBracket) this.readArray(() => this.skipValue());
    else if (startsNumber(byte)) skipNumber(this.cursor);
    else this.skipWord(literals.get(byte) ?? this.cursor.fail(`expected a value, found ${this.cursor.found()}`));
  }

  /** Only white space may follow the top value. */
  expectEnd(): void {
    if (this.cursor.peek() !== -1) this.cursor.fail(`expected the end of the header, found ${this.cursor.found()}`);
  }

  private enter(bracket: number, name: string): void {
    this.expect(bracket, name);
    this.depth++;
    if (this.depth === nestingLimit) this.cursor.fail('values are nested too deeply');
  }

  private leave(bracket: number): boolean {
    this.cursor.peek();
    if (!this.cursor.skip(bracket)) return false;
    this.depth--;
    return true;
  }

  private expect(byte: number, name: string): void {
    this.cursor.peek();
    if (!this.cursor.skip(byte)) this.cursor.fail(`expected ${name}, found ${this.cursor.found()}`);
  }

  private skipWord(word: string): void {
    const { cursor } = this;
    const end = cursor.position + word.length;
    if (cursor.text.toString('latin1', cursor.position, end) !== word) cursor.fail(`expected ${word}, found ${cursor.found()}`);
    cursor.position = end;
  }
}
