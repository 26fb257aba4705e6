import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../base/json/readJson.js';
import { parseJsonText } from '../../base/json/record.js';

/** A JSON object as configuration files are written: two spaces, a line end. */
export function jsonText(root: object): string {
  return `${JSON.stringify(root, null, 2)}\n`;
}

/**
 * Sets a field that may lie in nested objects. Where a plain replacement of its text does it, everything else stays as
 * it is written; numbers such as `1e-05` and `10000.0` keep their spelling.
 */
export function setJsonField(text: string, path: readonly string[], value: unknown): string {
  const root = parseJsonText(text) as JsonObject;
  const wanted = withField(root, path, value);
  if (isDeepStrictEqual(root, wanted)) return text;
  const edited = replaceScalar(text, path.at(-1)!, value);
  return edited !== null && isDeepStrictEqual(tryParse(edited), wanted) ? edited : jsonText(wanted);
}

function withField(root: JsonObject, [key = '', ...rest]: readonly string[], value: unknown): JsonObject {
  const inner = root[key];
  return { ...root, [key]: rest.length === 0 ? value : withField((inner ?? {}) as JsonObject, rest, value) };
}

function replaceScalar(text: string, key: string, value: unknown): string | null {
  const field = new RegExp(`(${escape(JSON.stringify(key))}\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|[\\w.+-]+)`);
  return field.test(text) ? text.replace(field, (_, name: string) => name + JSON.stringify(value)) : null;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function tryParse(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    return undefined;
  }
}
