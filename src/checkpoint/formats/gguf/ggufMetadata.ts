import type { GgufCursor, Place } from './ggufCursor.js';

/** A long array, left in the file: what tokenizers have. */
export interface GgufArray {
  readonly kind: 'array';
  readonly type: GgufValueType;
  readonly count: number;
  /** Absolute byte offset of the first element. */
  readonly start: number;
  readonly byteLength: number;
}

/** A value of the metadata. Integers that float64 does not hold are bigint. */
export type GgufValue = string | number | bigint | boolean | GgufArray | readonly (string | number | bigint | boolean)[];

/** Names of the types of values, by their number. Source: `GGUFValueType` of the Python package gguf 0.19. */
const valueTypes = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool', 'string', 'array', 'u64', 'i64', 'f64'] as const;

export type GgufValueType = (typeof valueTypes)[number];

/** Bytes of one value, at least. */
const minBytes: Readonly<Record<GgufValueType, number>> = {
  u8: 1,
  i8: 1,
  bool: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  u64: 8,
  i64: 8,
  f64: 8,
  string: 8,
  array: 12,
};

/** Arrays up to this many elements are read at once: sizes of layers, sections of positions. */
const maxHeldElements = 1024;
const maxStringBytes = 64 * 1024 * 1024;
const maxElements = 2 ** 32 - 1;
/** Nobody writes arrays of arrays; the format allows them. */
const maxDepth = 4;

const text = new TextDecoder('utf-8');

/** Reads one value of the metadata, or over it where it is long. @throws FormatError, NeedMoreBytes */
export function readMetadataValue(cursor: GgufCursor, key: string): { readonly type: GgufValueType; readonly value: GgufValue } {
  const place = { key };
  const type = readValueType(cursor, place);
  return { type, value: type === 'array' ? readArray(cursor, place) : readScalar(cursor, type, place) };
}

function readValueType(cursor: GgufCursor, place: Place): GgufValueType {
  const at = cursor.position;
  const number = cursor.u32();
  return valueTypes[number] ?? cursor.fail('unknown type of a value', { at, expected: '0 to 12', actual: `${number}` }, place);
}

function readArray(cursor: GgufCursor, place: Place): GgufValue {
  const type = readValueType(cursor, place);
  const count = cursor.count('length of an array', minBytes[type], maxElements, place);
  const start = cursor.position;
  if (type !== 'array' && count <= maxHeldElements) return Array.from({ length: count }, () => readScalar(cursor, type, place));
  skipElements(cursor, type, count, place, 1);
  return { kind: 'array', type, count, start, byteLength: cursor.position - start };
}

function skipElements(cursor: GgufCursor, type: GgufValueType, count: number, place: Place, depth: number): void {
  if (depth > maxDepth) cursor.fail('arrays lie within each other too deep', { at: cursor.position }, place);
  if (type === 'string') for (let i = 0; i < count; i++) cursor.string('length of a text', maxStringBytes, place);
  else if (type === 'array') {
    for (let i = 0; i < count; i++) {
      const inner = readValueType(cursor, place);
      skipElements(cursor, inner, cursor.count('length of an array', minBytes[inner], maxElements, place), place, depth + 1);
    }
  } else cursor.skip(count * minBytes[type]);
}

function readScalar(cursor: GgufCursor, type: Exclude<GgufValueType, 'array'>, place: Place): string | number | bigint | boolean {
  if (type === 'string') return text.decode(cursor.string('length of a text', maxStringBytes, place));
  const view = cursor.view(minBytes[type]);
  switch (type) {
    case 'u8':
      return view.getUint8(0);
    case 'i8':
      return view.getInt8(0);
    case 'u16':
      return view.getUint16(0, true);
    case 'i16':
      return view.getInt16(0, true);
    case 'u32':
      return view.getUint32(0, true);
    case 'i32':
      return view.getInt32(0, true);
    case 'f32':
      return view.getFloat32(0, true);
    case 'f64':
      return view.getFloat64(0, true);
    case 'bool':
      return view.getUint8(0) !== 0;
    case 'u64':
      return plainInteger(view.getBigUint64(0, true));
    case 'i64':
      return plainInteger(view.getBigInt64(0, true));
    default:
      return type satisfies never;
  }
}

function plainInteger(value: bigint): number | bigint {
  return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Texts of an array that was left in the file, from its bytes. */
export function readStrings(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings: string[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const end = at + 8 + Number(view.getBigUint64(at, true));
    strings.push(text.decode(bytes.subarray(at + 8, end)));
    at = end;
  }
  return strings;
}

const numberTypes: Partial<Readonly<Record<GgufValueType, (view: DataView, at: number) => number>>> = {
  u8: (view, at) => view.getUint8(at),
  i8: (view, at) => view.getInt8(at),
  u16: (view, at) => view.getUint16(at, true),
  i16: (view, at) => view.getInt16(at, true),
  u32: (view, at) => view.getUint32(at, true),
  i32: (view, at) => view.getInt32(at, true),
  f32: (view, at) => view.getFloat32(at, true),
  f64: (view, at) => view.getFloat64(at, true),
};

/** Numbers of an array that was left in the file; null for types that are none, and for 64-bit integers. */
export function readNumbers(bytes: Uint8Array, type: GgufValueType, count: number): number[] | null {
  const read = numberTypes[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return read === undefined ? null : Array.from({ length: count }, (_, i) => read(view, i * minBytes[type]));
}
