import { maskFloats } from './pythonJson.js';
import { JsonScanner } from './jsonScanner.js';

/**
 * Changes of JSON text that leave everything else as it is written: order, indentation, numbers such as `1e-05` and `30.0`.
 * transformers 5 tells `30` from `30.0` and refuses the wrong one. A field is named by its path through nested objects.
 */

/** Where a member of an object lies in the text, as offsets into its UTF-8 bytes. */
interface Member {
  readonly key: string;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

interface ObjectSpan {
  /** Offset after the opening brace. */
  readonly start: number;
  readonly members: readonly Member[];
}

const indentation = '  ';

/** A value as configuration files are written, nested `depth` objects deep. */
export function valueText(value: unknown, depth = 1): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indentation.repeat(depth)}`);
}

/** The text of a field's value; null where there is no such field. @throws JsonFault when the text is no JSON */
export function fieldText(text: string, path: readonly string[]): string | null {
  const member = findMember(text, path);
  return member === null ? null : bytesOf(text).toString('utf8', member.valueStart, member.valueEnd);
}

/**
 * Gives a field a value that is written as `value`: in its place, or at the end of its object. Objects on the way that are
 * missing are made. @throws JsonFault when the text is no JSON; Error when something else than an object is on the way
 */
export function setFieldText(text: string, path: readonly string[], value: string): string {
  const member = findMember(text, path);
  if (member !== null) return splice(text, member.valueStart, member.valueEnd, value);
  const parent = path.slice(0, -1);
  const span = findObject(text, parent);
  if (span !== null) return append(text, span, path.at(-1)!, value, path.length);
  if (fieldText(text, parent) !== null) throw new Error(`"${parent.join('.')}" is no object that could have a field "${path.at(-1)!}".`);
  return setFieldText(setFieldText(text, parent, '{}'), path, value);
}

/** The text without a field; as it is where there is none. @throws JsonFault when the text is no JSON */
export function removeField(text: string, path: readonly string[]): string {
  const span = findObject(text, path.slice(0, -1));
  const index = span?.members.findLastIndex(({ key }) => key === path.at(-1)) ?? -1;
  if (span === null || index === -1) return text;
  const { start, valueEnd } = span.members[index]!;
  const [before, after] = [span.members[index - 1], span.members[index + 1]];
  const from = before?.valueEnd ?? (after === undefined ? span.start : start);
  const rest = before === undefined && after !== undefined ? after.start : valueEnd;
  return removeField(splice(text, from, rest, ''), path);
}

function findMember(text: string, path: readonly string[]): Member | null {
  return findObject(text, path.slice(0, -1))?.members.findLast(({ key }) => key === path.at(-1)) ?? null;
}

/** The object at the end of a path; null where there is none. As in every parser, the last of equal names counts. */
function findObject(text: string, path: readonly string[]): ObjectSpan | null {
  let span = readObject(text, 0);
  for (const key of path) {
    const member = span?.members.findLast((candidate) => candidate.key === key);
    if (member === undefined) return null;
    span = readObject(text, member.valueStart);
  }
  return span;
}

function readObject(text: string, from: number): ObjectSpan | null {
  const bytes = bytesOf(maskFloats(text));
  const start = from === 0 && text.startsWith('\uFEFF') ? 3 : from;
  const scanner = new JsonScanner(bytes.subarray(start));
  if (!scanner.isAtObject()) return null;
  const opened = start + scanner.nextPosition + 1;
  const members: Member[] = [];
  scanner.readObject((key, keyPosition) => {
    const valueStart = scanner.nextPosition;
    scanner.skipValue();
    members.push({ key, start: start + keyPosition, valueStart: start + valueStart, valueEnd: start + scanner.position });
  });
  return { start: opened, members };
}

function append(text: string, { start, members }: ObjectSpan, key: string, value: string, depth: number): string {
  const last = members.at(-1);
  const lead =
    last === undefined
      ? null
      : bytesOf(text)
          .toString('utf8', members.at(-2)?.valueEnd ?? start, last.start)
          .replace(',', '');
  const space = lead ?? `\n${indentation.repeat(depth)}`;
  const member = `${space}${JSON.stringify(key)}: ${value}`;
  if (last !== undefined) return splice(text, last.valueEnd, last.valueEnd, `,${member}`);
  return splice(text, start, start, `${member}\n${indentation.repeat(depth - 1)}`);
}

function splice(text: string, start: number, end: number, replacement: string): string {
  const bytes = bytesOf(text);
  return `${bytes.toString('utf8', 0, start)}${replacement}${bytes.toString('utf8', end)}`;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
