/**
 * VS Code sends messages between host and webview as JSON with typed arrays carried beside it, and JSON has no NaN and
 * no infinities. Non-finite numbers in plain objects therefore travel as `{ "$number": "NaN" }`.
 */

type PlainObject = Record<string, unknown>;

const tag = '$number';

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer);
}

function mapChildren(value: unknown, map: (child: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, map(child)]));
}

/** The same value with every non-finite number tagged. Typed arrays are passed on as they are. */
export function encodeNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { [tag]: String(value) };
  return mapChildren(value, encodeNumbers);
}

/** Undoes `encodeNumbers`. */
export function decodeNumbers(value: unknown): unknown {
  if (isPlainObject(value) && typeof value[tag] === 'string') return Number(value[tag]);
  return mapChildren(value, decodeNumbers);
}
