import { FormatError } from '../../../base/formatError.js';
import { bitsOf, type Dtype } from '../../dtype.js';

/** What stands before the numbers of an array. */
export interface NpyHeader {
  /** Null for what is no number: texts, objects, records. */
  readonly dtype: Dtype | null;
  /** As NumPy writes it: `<f4`. */
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  readonly elementCount: number;
  /** Bytes before the numbers. */
  readonly length: number;
  /** Bytes of the numbers. */
  readonly byteLength: number;
}

export const npyMagic = '\x93NUMPY';
/** So much is read to find out how long the header is. */
export const npyPrefixLength = 12;
/** What `numpy.load` takes without being told to trust the file. */
const maxHeaderLength = 10_000 + npyPrefixLength;

const dtypes: Readonly<Record<string, Dtype>> = {
  ...{ '<f8': 'F64', '<f4': 'F32', '<f2': 'F16', '<c8': 'C64', '|b1': 'BOOL', '|i1': 'I8', '|u1': 'U8' },
  ...{ '<i8': 'I64', '<i4': 'I32', '<i2': 'I16', '<u8': 'U64', '<u4': 'U32', '<u2': 'U16' },
  // NumPy has no name for these: what ml_dtypes and MLX write
  ...{ '<V2': 'BF16', '|V2': 'BF16', bfloat16: 'BF16', '<f1': 'F8_E5M2' },
};

const numeric = /^[<>=|]?[fciubV]\d+$/;

/** Bytes from the start of an array to its numbers. @param prefix its first bytes, `npyPrefixLength` of them */
export function npyHeaderLength(file: string, prefix: Uint8Array, offset: number): number {
  const text = Buffer.from(prefix).toString('latin1');
  if (!text.startsWith(npyMagic) || prefix.byteLength < npyPrefixLength) return fail(file, 'not a NumPy array', offset);
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const version = prefix[6]!;
  if (version < 1 || version > 3) fail(file, `version ${version} of NumPy's format`, offset);
  const length = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  return length > maxHeaderLength ? fail(file, 'the header of an array is too long', offset) : length;
}

/**
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 * @param bytes of the whole header @param name of the array, for messages
 * @throws FormatError
 */
export function parseNpyHeader(file: string, bytes: Uint8Array, name: string, offset: number): NpyHeader {
  const start = bytes[6] === 1 ? 10 : 12;
  const { descr, fortran_order: isFortran, shape } = readLiteral(file, Buffer.from(bytes.subarray(start)).toString('latin1'), offset);
  if (descr === undefined || typeof isFortran !== 'boolean' || !Array.isArray(shape))
    return fail(file, 'the header of an array is damaged', offset);
  const elementCount = shape.reduce((product, size) => product * size, 1);
  const dtype = typeof descr === 'string' ? dtypeOf(file, descr, name) : null;
  const byteLength = dtype === null ? 0 : (elementCount * bitsOf(dtype)) / 8;
  if (!Number.isSafeInteger(byteLength)) fail(file, 'an array has an impossible size', offset);
  return { dtype, descr: String(descr), isFortran, shape, elementCount, length: bytes.byteLength, byteLength };
}

/** @throws FormatError for numbers that have no place in a checkpoint, or that cannot be told from others */
function dtypeOf(file: string, descr: string, name: string): Dtype | null {
  const dtype = Object.hasOwn(dtypes, descr) ? dtypes[descr]! : null;
  if (dtype !== null || !numeric.test(descr)) return dtype;
  const problem = descr.startsWith('>')
    ? 'the numbers of the array are not stored in little-endian order'
    : descr.endsWith('V1')
      ? 'the array holds bytes of a type that the file does not name (ml_dtypes stores FP8 so)'
      : `numbers of the type ${descr} have no place in a safetensors file`;
  throw new FormatError({ file, tensor: name, problem, remedy: 'Save it again, as safetensors.' });
}

type Literal = string | boolean | readonly number[] | undefined;

const entry = /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"\\]*)\3|(True|False)|\(([\d\sL,]*)\)|(\[[^\]]*\]))\s*(?:,|(?=\}))/y;

/** The Python dictionary that a header is, read as far as NumPy writes one. */
function readLiteral(file: string, text: string, offset: number): { descr?: Literal; fortran_order?: Literal; shape?: number[] } {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) return fail(file, 'the header of an array is damaged', offset);
  const values: Record<string, unknown> = {};
  entry.lastIndex = 0;
  for (let at = 0; body.slice(at).trim() !== ''; at = entry.lastIndex) {
    entry.lastIndex = at;
    const [, , key, , quoted, boolean, tuple, list] = entry.exec(`${body}}`) ?? [];
    if (key === undefined) return fail(file, 'the header of an array is damaged', offset);
    values[key] = quoted ?? (boolean === undefined ? undefined : boolean === 'True') ?? list ?? sizes(tuple!);
  }
  return values;
}

function sizes(tuple: string): number[] {
  return tuple.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size.trim().replace(/L$/, ''))]));
}

function fail(file: string, problem: string, offset: number): never {
  throw new FormatError({ file, problem, offset, remedy: 'The file is damaged or incomplete: download or save it again.' });
}
