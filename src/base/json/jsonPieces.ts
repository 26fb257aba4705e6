/** Characters that a piece has at least, the last one excepted. */
const pieceLength = 64 * 1024;

type Replace = (key: string, value: unknown) => unknown;

/**
 * What `JSON.stringify(data, replace)` returns, in pieces: the elements of arrays that are fields of `data` are turned into
 * text one after the other. A million tensors have more text than a string may hold.
 * @param replace depends on values, not on keys: elements and fields come to it under the empty key
 */
export function jsonPieces(data: object, replace?: Replace): Generator<string> {
  return inPieces(compactParts(data, replace));
}

/** The same data for people: a field a line, and an element a line in fields that are arrays. Ends with a line end. */
export function jsonLines(data: object, replace?: Replace): Generator<string> {
  return inPieces(lineParts(data, replace));
}

function* inPieces(parts: Iterable<string>): Generator<string> {
  let piece = '';
  for (const part of parts) {
    piece += part;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function* compactParts(data: object, replace?: Replace): Generator<string> {
  let before = '{';
  for (const [key, value] of fieldsOf(data)) {
    yield `${before}${JSON.stringify(key)}:`;
    if (isList(value)) yield* elementParts(value, { first: '[', next: ',', end: ']' }, replace);
    else yield textOf(value, replace);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function* lineParts(data: object, replace?: Replace): Generator<string> {
  let before = '{';
  for (const [key, value] of fieldsOf(data)) {
    yield `${before}\n ${JSON.stringify(key)}: `;
    if (isList(value)) yield* elementParts(value, { first: '[\n  ', next: ',\n  ', end: '\n ]' }, replace);
    else yield textOf(value, replace, 1).replaceAll('\n', '\n ');
    before = ',';
  }
  yield before === '{' ? '{}\n' : '\n}\n';
}

interface Separators {
  readonly first: string;
  readonly next: string;
  readonly end: string;
}

function* elementParts(list: readonly unknown[], { first, next, end }: Separators, replace?: Replace): Generator<string> {
  let before = first;
  for (const element of list) {
    yield before + textOf(element, replace);
    before = next;
  }
  yield list.length === 0 ? '[]' : end;
}

/** Fields that have a text. */
function fieldsOf(data: object): [string, unknown][] {
  return Object.entries(data).filter(([, value]) => value !== undefined) as [string, unknown][];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** In arrays, what has no text is null. */
function textOf(value: unknown, replace?: Replace, indent?: number): string {
  const text: unknown = JSON.stringify(value, replace, indent);
  return typeof text === 'string' ? text : 'null';
}
