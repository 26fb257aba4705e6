import { isDeepStrictEqual } from 'node:util';
import { fieldText, setFieldText, valueText } from '../../base/json/editJson.js';
import { parsePythonJson } from '../../base/json/pythonJson.js';

/** A JSON object as configuration files are written: two spaces, a line end. */
export function jsonText(root: object): string {
  return `${JSON.stringify(root, null, 2)}\n`;
}

/** Sets a field that may lie in nested objects; all else, and a field that has the value, stays as it is written. */
export function setJsonField(text: string, path: readonly string[], value: unknown): string {
  const current = fieldText(text, path);
  if (current !== null && isDeepStrictEqual(parsePythonJson(current), value)) return text;
  return setFieldText(text, path, valueText(value, path.length));
}
