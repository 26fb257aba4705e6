import type { JsonCursor } from './jsonCursor.js';
import { isOutOfRange } from './numberRange.js';

/** An unsigned 64-bit integer: a number up to 2^53 - 1, a bigint above, so that `===` and `<` compare exactly. */
export type U64 = number | bigint;

const largestU64 = 0xffff_ffff_ffff_ffffn;
/** Every number of this many digits is below 2^53. */
const safeDigits = 15;
/** No number of this many digits without an exponent overflows float64. */
const largestFiniteDigits = 300;

const zero = 0x30;
const minus = 0x2d;
const plus = 0x2b;
const point = 0x2e;
const lowerE = 0x65;
const upperE = 0x45;

/** Whether a number starts with this byte. */
export function startsNumber(byte: number): boolean {
  return byte === minus || isDigit(byte);
}

/** Reads an integer from 0 to 2^64 - 1; a sign, a fraction or an exponent is a fault, as in the reference. */
export function readUnsigned(cursor: JsonCursor): U64 {
  if (!isDigit(cursor.peek())) cursor.fail(`expected a non-negative integer, found ${cursor.found()}`);
  const start = cursor.position;
  let value = 0;
  for (let byte = cursor.byte; isDigit(byte); byte = cursor.byte) {
    value = value * 10 + (byte - zero);
    cursor.position++;
  }
  requirePlainInteger(cursor, start);
  return cursor.position - start <= safeDigits ? value : toU64(cursor, start);
}

/** Consumes any number, checking its syntax and range. */
export function skipNumber(cursor: JsonCursor): void {
  const start = cursor.position;
  cursor.skip(minus);
  if (!cursor.skip(zero)) skipDigits(cursor);
  if (isDigit(cursor.byte)) cursor.fail('a number starts with 0');
  if (cursor.skip(point)) skipDigits(cursor);
  const hasExponent = cursor.skip(lowerE) || cursor.skip(upperE);
  if (hasExponent) {
    if (!cursor.skip(plus)) cursor.skip(minus);
    skipDigits(cursor);
  }
  if (hasExponent || cursor.position - start > largestFiniteDigits) checkRange(cursor, start);
}

function requirePlainInteger(cursor: JsonCursor, start: number): void {
  if (cursor.bytes[start] === zero && cursor.position > start + 1) cursor.fail('a number starts with 0', start);
  const { byte } = cursor;
  if (byte === point || byte === lowerE || byte === upperE) cursor.fail('expected an integer, found a fraction or an exponent', start);
}

function toU64(cursor: JsonCursor, start: number): U64 {
  const value = BigInt(cursor.since(start));
  if (value > largestU64) cursor.fail(`${value} does not fit 64 bits`, start);
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function skipDigits(cursor: JsonCursor): void {
  const start = cursor.position;
  while (isDigit(cursor.byte)) cursor.position++;
  if (cursor.position === start) cursor.fail(`expected a digit, found ${cursor.found()}`);
}

function checkRange(cursor: JsonCursor, start: number): void {
  const number = cursor.since(start);
  if (isOutOfRange(number)) cursor.fail(`${number.slice(0, 40)} is out of range`, start);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
