/** Numbers a range may span: more is a slip of the keyboard. */
const longestRange = 100_000;

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
  const { source, end } = translate(pattern, 0, 0);
  if (end < pattern.length) throw new PatternError(`Pattern "${pattern}": the brace at character ${end + 1} closes nothing.`);
  const expression = new RegExp(`^${source}$`, 'su');
  return (name) => expression.test(name);
}

interface Translated {
  readonly source: string;
  /** Where reading stopped: the end, or the brace that closes the current group. */
  readonly end: number;
}

function translate(pattern: string, start: number, depth: number): Translated {
  let source = '';
  let at = start;
  while (at < pattern.length) {
    const character = pattern[at]!;
    if (character === '}') return { source, end: at };
    if (character === '{') {
      const group = translateBraces(pattern, at, depth);
      source += group.source;
      at = group.end + 1;
      continue;
    }
    source += depth > 0 && character === ',' ? '|' : translateCharacter(character);
    at++;
  }
  return { source, end: at };
}

function translateBraces(pattern: string, open: number, depth: number): Translated {
  const range = /\{(\d+)\.\.(\d+)\}/uy;
  range.lastIndex = open;
  const [text, first, last] = range.exec(pattern) ?? [];
  if (text !== undefined) return { source: translateRange(pattern, Number(first), Number(last)), end: open + text.length - 1 };
  const { source, end } = translate(pattern, open + 1, depth + 1);
  if (end >= pattern.length) throw new PatternError(`Pattern "${pattern}": the brace at character ${open + 1} is never closed.`);
  return { source: `(?:${source})`, end };
}

function translateRange(pattern: string, first: number, last: number): string {
  if (last < first)
    throw new PatternError(`Pattern "${pattern}": the range {${first}..${last}} runs backwards. Write {${last}..${first}}.`);
  if (last - first > longestRange) throw new PatternError(`Pattern "${pattern}": the range {${first}..${last}} is too long.`);
  return `(?:${Array.from({ length: last - first + 1 }, (_, index) => first + index).join('|')})`;
}

function translateCharacter(character: string): string {
  if (character === '*') return '.*';
  return character === '?' ? '.' : character.replace(/[$()*+./?[\\\]^{|}]/u, '\\$&');
}
