import { visibleLines } from '../base/visibleText.js';

/**
 * A value with every text in it as it can be shown: names are strangers' input, and a page draws what it gets. Typed arrays
 * are passed on as they are.
 */
export function visibleValues(value: unknown): unknown {
  if (typeof value === 'string') return visibleLines(value);
  if (Array.isArray(value)) return value.map(visibleValues);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [visibleLines(key), visibleValues(child)]));
}
