import { nothing, type TemplateResult } from 'lit';
import { visibleText } from '../base/visibleText.js';

/** Characters that have a meaning in SVG, and those that XML has not at all. */
export function escapeXml(text: string): string {
  return visibleText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/**
 * The text of a picture's template, as a browser would build its elements. Templates of pictures have attributes and children; what
 * needs a page (events, properties) is an error of the programmer.
 */
export function svgText({ strings, values }: TemplateResult): string {
  return strings.map((piece, index) => (index === 0 ? piece : valueText(strings[index - 1]!, values[index - 1]) + piece)).join('');
}

function valueText(before: string, value: unknown): string {
  if (/[@.?][\w-]+=$/u.test(before)) throw new Error(`internal: ${before.slice(-20)} has no place in a file`);
  if (before.endsWith('=')) return `"${childText(value)}"`;
  return childText(value);
}

function childText(value: unknown): string {
  if (value === nothing || value === null || value === undefined) return '';
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  if (typeof value === 'string') return escapeXml(value);
  if (Array.isArray(value)) return value.map(childText).join('');
  if (isTemplate(value)) return svgText(value);
  throw new Error('internal: a picture holds what is neither text nor template');
}

function isTemplate(value: unknown): value is TemplateResult {
  return typeof value === 'object' && value !== null && 'strings' in value && 'values' in value;
}
