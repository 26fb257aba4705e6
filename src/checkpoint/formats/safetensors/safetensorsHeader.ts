import { isDtype, dtypes, type Dtype } from '../../dtype.js';
import { FormatError } from '../../../base/formatError.js';
import { JsonFault } from '../../../base/json/jsonCursor.js';
import type { U64 } from '../../../base/json/jsonNumber.js';
import { JsonScanner } from '../../../base/json/jsonScanner.js';
import type { FileTensor } from '../format.js';
import { foreignFile, isText } from '../foreignFile.js';
import { checkLayout, type DeclaredTensor } from './safetensorsLayout.js';
import { isUtf8 } from 'node:buffer';

/** Bytes of the length that precedes the header. */
export const lengthPrefixSize = 8;
/** Limit of the reference implementation (`MAX_HEADER_SIZE`). */
export const largestHeader = 100_000_000;

/** More different shapes are not looked for among each other. */
const mostSharedShapes = 4096;

const remedy = 'The file is damaged or was not written by a safetensors library: download or export it again.';

const expectation = { format: 'safetensors', content: 'the length of a header in 8 bytes, then the header', name: 'a .safetensors file' };

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly tensors: readonly FileTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Names the header lists more than once. The reference uses the last entry, so this does too. */
  readonly repeatedNames: readonly string[];
}

/** Whether a file begins with the length of a header that is within the limit, and an object. */
export function isHeaderStart(start: Uint8Array): boolean {
  if (start.byteLength <= lengthPrefixSize || start[lengthPrefixSize] !== 0x7b) return false;
  return new DataView(start.buffer, start.byteOffset).getBigUint64(0, true) <= largestHeader;
}

/** A complete header with what is needed to judge it. */
export interface HeaderInput {
  /** Name of the file, for messages. */
  readonly file: string;
  /** The JSON bytes alone, without the length prefix. */
  readonly header: Uint8Array;
  /** Size of the whole file in bytes. */
  readonly fileLength: number;
}

/**
 * Length of the header in bytes, from the first bytes of a file (at most 8 are looked at).
 * @throws FormatError when the length is over the limit or leaves the file.
 */
export function parseHeaderLength(file: string, prefix: Uint8Array, fileLength: number): number {
  if (prefix.byteLength < lengthPrefixSize || fileLength < lengthPrefixSize) {
    const short = new FormatError({
      file,
      problem: 'file is too short',
      expected: 'at least 8 bytes',
      actual: `${fileLength} bytes`,
      remedy,
    });
    throw isText(prefix) ? foreignFile(file, prefix, expectation)! : short;
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset, lengthPrefixSize).getBigUint64(0, true);
  const refuse = (problem: string, expected: string): never => {
    throw (
      foreignFile(file, prefix, expectation) ?? new FormatError({ file, problem, offset: 0, expected, actual: `${length} bytes`, remedy })
    );
  };
  if (length > largestHeader) refuse('header length is over the limit of the format', `at most ${largestHeader} bytes`);
  const available = fileLength - lengthPrefixSize;
  if (length > available) refuse('header is longer than the file', `at most the ${available} bytes that follow the length`);
  return Number(length);
}

/**
 * Reads and validates a safetensors header. Accepts and refuses exactly what the reference implementation (the Rust
 * crate `safetensors`) does.
 * @throws FormatError naming the tensor and the place.
 */
export function parseSafetensorsHeader(input: HeaderInput): SafetensorsHeader {
  const { file, header } = input;
  if (!isUtf8(header)) throw new FormatError({ file, problem: 'header is not valid UTF-8', offset: lengthPrefixSize, remedy });
  const declared = readDeclarations(file, header);
  const tensors = checkLayout([...declared.tensors.values()], {
    file,
    dataStart: lengthPrefixSize + header.byteLength,
    fileLength: input.fileLength,
  });
  return { tensors, metadata: Object.fromEntries(declared.metadata), repeatedNames: [...declared.repeated] };
}

interface Declarations {
  readonly tensors: Map<string, DeclaredTensor>;
  readonly metadata: Map<string, string>;
  readonly repeated: Set<string>;
}

/** The tensor whose entry is being read, for messages. */
interface Place {
  tensor: string | null;
}

function readDeclarations(file: string, header: Uint8Array): Declarations {
  const declarations: Declarations = { tensors: new Map(), metadata: new Map(), repeated: new Set() };
  const place: Place = { tensor: null };
  try {
    readHeaderObject(new JsonScanner(header), declarations, place, new SharedShapes());
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const tensor = place.tensor === null ? {} : { tensor: place.tensor };
    const offset = lengthPrefixSize + error.position;
    throw new FormatError({ file, ...tensor, problem: `header is not valid: ${error.problem}`, offset, remedy });
  }
  return declarations;
}

function readHeaderObject(scanner: JsonScanner, into: Declarations, place: Place, shapes: SharedShapes): void {
  let hasMetadata = false;
  scanner.readObject((name, position) => {
    if (name === '__metadata__') {
      if (hasMetadata) scanner.fail('"__metadata__" is given twice', position);
      hasMetadata = true;
      readMetadata(scanner, into.metadata);
      return;
    }
    place.tensor = name;
    const known = into.tensors.size;
    into.tensors.set(name, readTensor(scanner, name, shapes));
    if (into.tensors.size === known) into.repeated.add(name);
    place.tensor = null;
  });
  scanner.expectEnd();
}

function readMetadata(scanner: JsonScanner, into: Map<string, string>): void {
  if (scanner.isAtNull()) scanner.readNull();
  else scanner.readObject((key) => into.set(key, scanner.readString()));
}

/** Equal shapes as one array: a model of a million tensors has a few hundred of them. */
class SharedShapes {
  readonly #known = new Map<string, readonly U64[]>();

  share(shape: readonly U64[]): readonly U64[] {
    const key = shape.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const own = [...shape]; // no room for more elements, which an array that grew has
    if (this.#known.size < mostSharedShapes) this.#known.set(key, own);
    return own;
  }
}

interface Fields {
  dtype?: Dtype;
  shape?: U64[];
  span?: readonly [U64, U64];
}

/** The reference reads a tensor's entry from an object, or from an array of the three fields in order. */
function readTensor(scanner: JsonScanner, name: string, shapes: SharedShapes): DeclaredTensor {
  const position = scanner.nextPosition;
  const fields: Fields = {};
  if (scanner.isAtArray()) readFieldsInOrder(scanner, fields);
  else scanner.readObject((key, keyPosition) => readField(scanner, key, keyPosition, fields));
  const { dtype, shape, span } = fields;
  if (dtype === undefined) return scanner.fail('"dtype" is missing', position);
  if (shape === undefined) return scanner.fail('"shape" is missing', position);
  if (span === undefined) return scanner.fail('"data_offsets" is missing', position);
  return { name, dtype, shape: shapes.share(shape), start: span[0], end: span[1] };
}

const fieldOrder = ['dtype', 'shape', 'data_offsets'];

function readFieldsInOrder(scanner: JsonScanner, into: Fields): void {
  scanner.readArray((index) => {
    const field = fieldOrder[index] ?? scanner.fail('expected three values: dtype, shape and data_offsets');
    readField(scanner, field, scanner.nextPosition, into);
  });
}

function readField(scanner: JsonScanner, field: string, position: number, into: Fields): void {
  const once = (value: unknown): void => {
    if (value !== undefined) scanner.fail(`"${field}" is given twice`, position);
  };
  if (field === 'dtype') {
    once(into.dtype);
    into.dtype = readDtype(scanner);
  } else if (field === 'shape') {
    once(into.shape);
    into.shape = readIntegers(scanner);
  } else if (field === 'data_offsets') {
    once(into.span);
    into.span = readSpan(scanner);
  } else scanner.skipValue();
}

/** A dtype is its name, or, as the reference reads enumerations, an object `{"F32": null}`. */
function readDtype(scanner: JsonScanner): Dtype {
  if (!scanner.isAtObject()) return toDtype(scanner, scanner.nextPosition, scanner.readString());
  const found: Dtype[] = [];
  scanner.readObject((name, position) => {
    found.push(toDtype(scanner, position, name));
    scanner.readNull();
  });
  const [dtype] = found;
  return found.length === 1 && dtype !== undefined ? dtype : scanner.fail('expected one dtype');
}

function toDtype(scanner: JsonScanner, position: number, name: string): Dtype {
  return isDtype(name) ? name : scanner.fail(`unknown dtype "${name.slice(0, 40)}" (known: ${dtypes.join(' ')})`, position);
}

function readIntegers(scanner: JsonScanner): U64[] {
  const integers: U64[] = [];
  scanner.readArray(() => integers.push(scanner.readUnsigned()));
  return integers;
}

function readSpan(scanner: JsonScanner): readonly [U64, U64] {
  const position = scanner.nextPosition;
  const [start, end, ...rest] = readIntegers(scanner);
  if (start === undefined || end === undefined || rest.length > 0) {
    return scanner.fail('expected "data_offsets" to be two integers', position);
  }
  return [start, end];
}
