import { OutsideCommandError } from '../../base/process/outsideCommandError.js';
import { quoteName } from '../../base/formatError.js';

const mostNamed = 10;
const step = /(?:^|(?!^)\.)([^.[\]"]+)|\[("(?:[^"\\]|\\.)*")\]/y;

/**
 * Where a number is in JSON, as the keys that lead to it: `results.gsm8k.exact_match`. A key that holds a dot, a bracket or a
 * quote is written as a JSON string in brackets: `results["gsm8k.v2"].acc`. Other characters stand for themselves
 * (`exact_match,strict-match`). A number is an element of a list, from 0. The empty text is the JSON itself.
 * @throws OutsideCommandError
 */
export function parseValuePath(text: string): string[] {
  const keys: string[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < text.length) {
    const start = step.lastIndex;
    const match = step.exec(text);
    const key = match === null ? null : (match[1] ?? unquote(match[2]!));
    if (key === null) throw malformed(text, start);
    keys.push(key);
  }
  return keys;
}

/** Null where it is no JSON string. */
function unquote(text: string): string | null {
  try {
    return String(JSON.parse(text));
  } catch {
    return null;
  }
}

function malformed(text: string, start: number): OutsideCommandError {
  return new OutsideCommandError(
    `The value path ${text} cannot be read at character ${start + 1}. Write keys with dots between them, such as results.gsm8k.acc, and a key that holds a dot, a bracket or a quote as ["key"].`,
  );
}

/**
 * The finite number that a path leads to.
 * @param source where the JSON comes from, for messages
 * @throws OutsideCommandError saying which keys there are, or what was found in place of a number
 */
export function numberAt(root: unknown, path: string, source: string): number {
  let value = root;
  let place = source;
  for (const key of parseValuePath(path)) {
    value = enter(value, key, place, path);
    place = `${quoteName(key)} in ${place}`;
  }
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new OutsideCommandError(`${place}: expected a finite number, found ${describe(value)}.${remedyFor(value, path)}`);
}

function enter(value: unknown, key: string, place: string, path: string): unknown {
  const isContainer = typeof value === 'object' && value !== null;
  if (isContainer && Object.hasOwn(value, key)) return (value as Readonly<Record<string, unknown>>)[key];
  throw new OutsideCommandError(
    `${place}: there is no ${quoteName(key)}, found ${describe(value)}. Correct the value path ${path}${isContainer ? '' : ', or leave it empty for a plain number'}.`,
  );
}

function remedyFor(value: unknown, path: string): string {
  if (typeof value !== 'object' || value === null) return ' Let the command give a number there, or name another value.';
  return path === '' ? ' Name the value by a path, such as results.gsm8k.acc.' : ' Go on with the value path.';
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return quoteName(String(value));
  const keys = Object.keys(value);
  const named = keys.slice(0, mostNamed).map(quoteName).join(', ');
  const more = keys.length > mostNamed ? ` and ${keys.length - mostNamed} more` : '';
  return keys.length === 0 ? 'no keys at all' : `the keys ${named}${more}`;
}
