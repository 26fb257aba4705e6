import { UsageError } from './io.js';

const units: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KIB', 2 ** 10],
  ['MIB', 2 ** 20],
  ['GIB', 2 ** 30],
]);

/** Reads `5GB`, `500 MB` or `1GiB` as bytes; null stays null. @throws UsageError */
export function parseByteSize(option: string, text: string | null): number | null {
  if (text === null) return null;
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = units.get(unit.toUpperCase());
  const bytes = Math.floor(Number(digits) * (factor ?? Number.NaN));
  if (digits !== '' && bytes > 0) return bytes;
  if (digits !== '' && unit === '')
    throw new UsageError(`--${option} needs a unit: ${digits}GB, ${digits}MB or ${digits}GiB, for instance.`);
  throw new UsageError(`--${option} takes a size such as 5GB or 500MB, but got "${text}".`);
}
