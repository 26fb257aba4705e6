import { compareBytes } from '../../base/compareBytes.js';
import { bitsOf, type Dtype } from '../../checkpoint/index.js';

/** A tensor with its place in the data section. */
interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
}

const space = 0x20;

/** The reference's `Dtype`, in the order in which it declares them: it writes the last first. */
const declared: readonly Dtype[] = [
  'BOOL',
  'F4',
  'F6_E2M3',
  'F6_E3M2',
  'U8',
  'I8',
  'F8_E5M2',
  'F8_E4M3',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'I16',
  'U16',
  'F16',
  'BF16',
  'I32',
  'U32',
  'F32',
  'C64',
  'F64',
  'I64',
  'U64',
];

/** Tensors in the order in which the safetensors library writes them: widest dtype first, then by name. */
export function inFileOrder<Entry extends Pick<HeaderEntry, 'name' | 'dtype'>>(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => declared.indexOf(b.dtype) - declared.indexOf(a.dtype) || compareBytes(a.name, b.name));
}

/** Bytes of a tensor's data. */
export function byteLengthOf({ dtype, shape }: Pick<HeaderEntry, 'dtype' | 'shape'>): number {
  return (shape.reduce((product, size) => product * size, 1) * bitsOf(dtype)) / 8;
}

/** Text is turned into bytes in pieces of this many characters at least. */
const pieceLength = 64 * 1024;

/** The header bytes of a safetensors file: length prefix, JSON, and spaces up to a multiple of 8 as the library writes them. */
export function buildHeader(tensors: readonly HeaderEntry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const pieces: Buffer[] = [];
  let text = `{${entryText('__metadata__', metadata)}`;
  for (const { name, dtype, shape, offset, byteLength } of tensors) {
    text += `,${entryText(name, { dtype, shape, data_offsets: [offset, offset + byteLength] })}`;
    if (text.length < pieceLength) continue;
    pieces.push(Buffer.from(text));
    text = '';
  }
  pieces.push(Buffer.from(`${text}}`));
  return joinHeader(pieces);
}

function joinHeader(pieces: readonly Buffer[]): Uint8Array {
  const length = Math.ceil(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0) / 8) * 8;
  const header = new Uint8Array(8 + length).fill(space);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  let at = 8;
  for (const piece of pieces) {
    header.set(piece, at);
    at += piece.byteLength;
  }
  return header;
}

function entryText(name: string, value: object): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}
