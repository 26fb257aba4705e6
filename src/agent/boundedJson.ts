import { visibleText } from '../base/visibleText.js';

/** Longest text of a result: names are strangers' and may be megabytes. */
const maxTextLength = 300;
/** A page or so of numbers, which a conversation can afford. */
const maxResultLength = 40_000;

/**
 * A result as JSON of bounded size: long texts are cut, numbers have six digits, and of lists as much is left out from their end as it takes.
 * What was left out is said where it is missing.
 */
export function boundedJson(result: object): string {
  for (let maxItems = 400; maxItems >= 1; maxItems = Math.floor(maxItems / 2)) {
    const text = JSON.stringify(bounded(result, maxItems), null, 1);
    if (text.length <= maxResultLength) return text;
  }
  return JSON.stringify({ problem: 'The result is too long. Ask for less: a narrower pattern, or a smaller limit.' });
}

function bounded(value: unknown, maxItems: number): unknown {
  if (typeof value === 'string') return clipped(value);
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(6)) : String(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, maxItems).map((item: unknown) => bounded(item, maxItems));
    return value.length > maxItems ? [...shown, `… and ${value.length - maxItems} more`] : shown;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [clipped(name), bounded(member, maxItems)]));
}

function clipped(text: string): string {
  const visible = visibleText(text.length > 2 * maxTextLength ? text.slice(0, 2 * maxTextLength) : text);
  return visible.length <= maxTextLength && text.length <= maxTextLength ? visible : `${visible.slice(0, maxTextLength)}…`;
}
