import { plural } from '../../../base/format.js';
import type { GgufValue } from './ggufMetadata.js';

/**
 * Keys and values of the metadata as text: numbers and short arrays as JSON has them, long arrays (a vocabulary) by their length alone.
 */
export function describeMetadata(metadata: ReadonlyMap<string, GgufValue>): Record<string, string> {
  return Object.fromEntries([...metadata].map(([key, value]) => [key, describeValue(value)]));
}

function describeValue(value: GgufValue): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return describeNumber(value);
  if ('kind' in value) return plural(value.count, value.type === 'string' ? 'text' : 'value');
  return `[${value.map((element) => (typeof element === 'string' ? JSON.stringify(element) : describeNumber(element))).join(',')}]`;
}

function describeNumber(value: number | bigint | boolean): string {
  return typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value) ? shortestFloat32(value) : String(value);
}

/** The shortest decimal that float32 reads as this number; float64 as it is. */
function shortestFloat32(value: number): string {
  if (Math.fround(value) !== value) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
