/**
 * VS Code sends messages between host and webview as JSON with typed arrays carried beside it. Two things suffer there:
 * - JSON has no NaN and no infinities, so they travel as `{ "$number": "NaN" }`;
 * - long lists of strings are slow, so they travel as one string of their distinct members with two typed arrays.
 */
import { isPackedStrings, packStrings, unpackStrings } from './wireStrings.js';

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
