import { JsonFault, JsonScanner } from '../../checkpoint/index.js';

const openBrace = 0x7b;
const closeBrace = 0x7d;
const quote = 0x22;
/** Bytes after a value that show it to be a part of something larger: `,`, `]`, `}`. */
const continuations: ReadonlySet<number> = new Set([0x2c, 0x5d, closeBrace]);
const whiteSpace: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** A string, closed or not, or a bare non-finite number. Strings always match, so that this takes linear time. */
const stringOrNonFinite = /"(?:[^"\\\r\n]|\\[^\r\n])*"?|-?\bInfinity\b|\bNaN\b/g;
const numberLine = /^\s*(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?(?:nan|inf(?:inity)?))\s*$/i;

/** JSON text as Python writes it: bare `NaN` and `Infinity` become strings. @throws SyntaxError */
export function parseLenientJson(text: string): unknown {
  return JSON.parse(quoteNonFinite(text));
}

function quoteNonFinite(text: string): string {
  return text.replace(stringOrNonFinite, (found) => (found.startsWith('"') ? found : `"${found}"`));
}

/**
 * The last JSON object in text that has other lines before, between and after its objects. An object that is part of
 * something larger does not count, so that half a document is not taken for a whole one.
 * @returns null when there is none
 */
export function lastJsonObject(text: string): unknown {
  const bytes = Buffer.from(quoteNonFinite(text));
  let last: Uint8Array | null = null;
  for (let start = bytes.indexOf(openBrace); start >= 0;) {
    const end = objectEnd(bytes, start);
    if (end !== null && !continuations.has(bytes[skipWhiteSpace(bytes, end)] ?? -1)) last = bytes.subarray(start, end);
    start = bytes.indexOf(openBrace, end ?? start + 1);
  }
  return last === null ? null : JSON.parse(Buffer.from(last).toString());
}

/** Null where no object begins at `start`. */
function objectEnd(bytes: Buffer, start: number): number | null {
  const next = bytes[skipWhiteSpace(bytes, start + 1)];
  if (next !== quote && next !== closeBrace) return null;
  const scanner = new JsonScanner(bytes.subarray(start));
  try {
    scanner.skipValue();
  } catch (error) {
    if (error instanceof JsonFault) return null;
    throw error;
  }
  return start + scanner.nextPosition;
}

function skipWhiteSpace(bytes: Uint8Array, position: number): number {
  let next = position;
  while (whiteSpace.has(bytes[next] ?? -1)) next++;
  return next;
}

/** The last line that holds a number and nothing else, non-finite ones as Python writes them. Null when there is none. */
export function lastNumber(text: string): number | null {
  const line = text.split(/[\r\n]+/).findLast((candidate) => numberLine.test(candidate));
  if (line === undefined) return null;
  const number = Number(line);
  return !Number.isNaN(number) ? number : /nan/i.test(line) ? NaN : line.includes('-') ? -Infinity : Infinity;
}
