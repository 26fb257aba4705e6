import { isUtf8 } from 'node:buffer';
import { JsonScanner } from './jsonScanner.js';

type Revive = (key: string, value: unknown) => unknown;

/** Text up to this is parsed at once, which is twice as fast. */
const maxParsedWhole = 64 * 1024 * 1024;

/**
 * `JSON.parse` of UTF-8 bytes, which may be more than a string can hold: the elements of arrays that are fields of the outermost
 * object are parsed one after the other. Nothing but what is returned stays in memory.
 * @param revive is given fields of inner objects as `JSON.parse` does, but elements and outermost fields under the empty key
 * @throws SyntaxError, JsonFault
 */
export function parseJsonBytes(bytes: Uint8Array, revive?: Revive, maxWhole = maxParsedWhole): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scanner = new JsonScanner(bytes);
  if (bytes.byteLength <= maxWhole || !scanner.isAtObject()) return JSON.parse(text.toString('utf8'), revive);
  if (!isUtf8(bytes)) throw new SyntaxError('it is not UTF-8');
  const parseValue = (): unknown => {
    const start = scanner.nextPosition;
    scanner.skipValue();
    return JSON.parse(text.toString('utf8', start, scanner.position), revive);
  };
  const fields: [string, unknown][] = [];
  scanner.readObject((key) => fields.push([key, scanner.isAtArray() ? readElements(scanner, parseValue) : parseValue()]));
  scanner.expectEnd();
  return Object.fromEntries(fields);
}

function readElements(scanner: JsonScanner, parseElement: () => unknown): unknown[] {
  const elements: unknown[] = [];
  scanner.readArray(() => elements.push(parseElement()));
  return elements;
}
