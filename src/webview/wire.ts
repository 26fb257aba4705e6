/**
 * VS Code sends messages between host and webview as JSON with typed arrays carried beside it. Two things suffer there:
 * - JSON has no NaN and no infinities, so they travel as `{ "$number": "NaN" }`;
 * - long lists of strings are slow, so they travel as one string of their distinct members with two typed arrays.
 */

type PlainObject = Record<string, unknown>;

const tag = '$number';
/** Shorter lists gain nothing from being packed. */
const leastPacked = 256;

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length >= leastPacked && value.every((member) => typeof member === 'string');
}

function mapChildren(value: unknown, map: (child: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, map(child)]));
}

/** The same value in a form that survives the way. Typed arrays are passed on as they are. */
export function encodeForWire(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { [tag]: String(value) };
  return isStrings(value) ? packStrings(value) : mapChildren(value, encodeForWire);
}

/** Undoes `encodeForWire`. */
export function decodeFromWire(value: unknown): unknown {
  if (isPlainObject(value)) {
    if (typeof value[tag] === 'string') return Number(value[tag]);
    if (isPackedStrings(value)) return unpackStrings(value);
  }
  return mapChildren(value, decodeFromWire);
}

/** A list of strings as one text: distinct members one after another, their lengths, and which member stands where. */
interface PackedStrings {
  readonly $strings: string;
  /** In UTF-16 code units. */
  readonly lengths: Uint32Array;
  readonly indices: Uint32Array;
}

function packStrings(strings: readonly string[]): PackedStrings {
  const numbers = new Map<string, number>();
  const indices = new Uint32Array(strings.length);
  strings.forEach((text, position) => {
    const number = numbers.get(text) ?? numbers.size;
    if (number === numbers.size) numbers.set(text, number);
    indices[position] = number;
  });
  const distinct = [...numbers.keys()];
  return { $strings: distinct.join(''), lengths: Uint32Array.from(distinct, ({ length }) => length), indices };
}

function isPackedStrings(value: object): value is PackedStrings {
  return '$strings' in value && 'lengths' in value && value.lengths instanceof Uint32Array;
}

function unpackStrings({ $strings, lengths, indices }: PackedStrings): string[] {
  let start = 0;
  const distinct = Array.from(lengths, (length) => $strings.slice(start, (start += length)));
  return Array.from(indices, (index) => distinct[index] ?? '');
}
