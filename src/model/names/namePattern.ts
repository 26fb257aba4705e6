import { numberPart, textCaptures, textMatcher, type Captures, type PatternPart } from '../../base/textPattern.js';

/** Numbers a range may span: more is a slip of the keyboard. */
const longestRange = 100_000;
/** Braces within braces: nobody writes more, and each costs a call within calls. */
const deepestBraces = 50;

/** A pattern of tensor names that cannot be read. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Whether a tensor's whole name fits a pattern: `*` is any text, `?` any one character, `{0..11}` a number of that
 * range, `{q,k,v}` one of these (patterns themselves). Everything else stands for itself.
 * @throws PatternError for a brace that does not close or a range that runs backwards
 */
export function compilePattern(pattern: string): (name: string) => boolean {
  return textMatcher(readPattern(pattern));
}

function readPattern(pattern: string): readonly PatternPart[] {
  const { options, end } = readOptions(pattern, 0, 0);
  if (end < pattern.length) throw new PatternError(`Pattern "${pattern}": the brace at character ${end + 1} closes nothing.`);
  return options[0]!;
}

interface Read {
  /** One, outside braces. */
  readonly options: readonly (readonly PatternPart[])[];
  /** Where reading stopped: the end, or the brace that closes the current group. */
  readonly end: number;
}

function readOptions(pattern: string, start: number, depth: number): Read {
  const options: PatternPart[][] = [[]];
  let at = start;
  while (at < pattern.length && pattern[at] !== '}') {
    const character = String.fromCodePoint(pattern.codePointAt(at)!);
    if (character === '{') {
      const { part, end } = readBraces(pattern, at, depth);
      options.at(-1)!.push(part);
      at = end;
    } else if (depth > 0 && character === ',') options.push([]);
    else options.at(-1)!.push(partOf(character));
    at += character.length;
  }
  return { options, end: at };
}

/** @returns the part, and where its closing brace is */
function readBraces(pattern: string, open: number, depth: number): { readonly part: PatternPart; readonly end: number } {
  const range = /\{(\d+)\.\.(\d+)\}/uy;
  range.lastIndex = open;
  const [text, first, last] = range.exec(pattern) ?? [];
  if (text !== undefined) return { part: readRange(pattern, Number(first), Number(last)), end: open + text.length - 1 };
  if (depth === deepestBraces) throw new PatternError(`Pattern "${pattern.slice(0, 120)}": its braces are nested too deeply.`);
  const { options, end } = readOptions(pattern, open + 1, depth + 1);
  if (end >= pattern.length) throw new PatternError(`Pattern "${pattern}": the brace at character ${open + 1} is never closed.`);
  return { part: { kind: 'either', options }, end };
}

function readRange(pattern: string, first: number, last: number): PatternPart {
  if (last < first)
    throw new PatternError(`Pattern "${pattern}": the range {${first}..${last}} runs backwards. Write {${last}..${first}}.`);
  if (last - first > longestRange) throw new PatternError(`Pattern "${pattern}": the range {${first}..${last}} is too long.`);
  return numberPart(first, last);
}

function partOf(character: string): PatternPart {
  if (character === '*') return { kind: 'many' };
  return character === '?' ? { kind: 'one' } : { kind: 'text', text: character };
}

/**
 * A pattern that also says what its wildcards stood for: one capture for each outside braces (`**` is one), and one for each pair of
 * outer braces. Each `*` takes as little as it can. @throws PatternError
 */
export function compileCaptures(pattern: string): Captures {
  return textCaptures(readPattern(pattern));
}
