/** Characters looked at in search of an object, at most: what was printed may be anything, and long. */
const mostScanned = 1 << 26;

/** A string, closed or not, or a bare non-finite number. Strings always match, so that this takes linear time. */
const stringOrNonFinite = /"(?:[^"\\\r\n]|\\[^\r\n])*"?|-?\bInfinity\b|\bNaN\b/g;
const numberLine = /^\s*(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]?(?:nan|inf(?:inity)?))\s*$/i;

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
  let scanned = 0;
  for (let end = text.lastIndexOf('}'); end >= 0 && scanned < mostScanned; end = text.lastIndexOf('}', end - 1)) {
    if (/[,\]}]/.test(text[skipWhiteSpace(text, end + 1, 1)] ?? '')) continue;
    const { position, isOpening } = openingBrace(text, end);
    scanned += end - position;
    const object = isOpening && !isContinued(text, position) ? parseOrNull(text.slice(position, end + 1)) : null;
    if (object !== null) return object;
    if (end === 0) break;
  }
  return null;
}

/**
 * Goes back from a closing brace to the one that opens it. That works without knowing what stands before, since a quote
 * within a JSON string has a backslash before it, and no string goes over a line.
 * @returns where the search ended, and whether an opening brace is there
 */
function openingBrace(text: string, end: number): { readonly position: number; readonly isOpening: boolean } {
  let depth = 0;
  let isInString = false;
  for (let position = end; position >= 0; position--) {
    const character = text[position]!;
    if (character === '"') {
      const backslashes = countBackslashes(text, position);
      if (backslashes % 2 === 0) isInString = !isInString;
      position -= backslashes;
    } else if (isInString) {
      if (character === '\n') return { position, isOpening: false };
    } else if (character === '}') depth++;
    else if (character === '{' && --depth === 0) return { position, isOpening: true };
  }
  return { position: 0, isOpening: false };
}

function countBackslashes(text: string, before: number): number {
  let count = 0;
  while (text[before - 1 - count] === '\\') count++;
  return count;
}

/** Whether what stands before shows an object to be an element of a list, or a member of another object. */
function isContinued(text: string, start: number): boolean {
  const before = skipWhiteSpace(text, start - 1, -1);
  const character = text[before] ?? '';
  return character === ',' || character === '[' || (character === ':' && text[skipWhiteSpace(text, before - 1, -1)] === '"');
}

function skipWhiteSpace(text: string, start: number, direction: 1 | -1): number {
  let position = start;
  while (/\s/.test(text[position] ?? '')) position += direction;
  return position;
}

function parseOrNull(text: string): unknown {
  try {
    return parseLenientJson(text);
  } catch {
    return null;
  }
}

/** The last line that holds a number and nothing else, non-finite ones as Python writes them. Null when there is none. */
export function lastNumber(text: string): number | null {
  const line = text.split(/[\r\n]+/).findLast((candidate) => numberLine.test(candidate));
  if (line === undefined) return null;
  const number = Number(line);
  return !Number.isNaN(number) ? number : /nan/i.test(line) ? NaN : line.includes('-') ? -Infinity : Infinity;
}
