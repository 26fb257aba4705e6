import { compareBytes } from '../../base/compareBytes.js';
import { bitsOf, type Dtype } from '../../checkpoint/index.js';

export interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** A tensor with its place in the data section. */
export type PlacedEntry<Entry extends HeaderEntry> = Entry & { readonly offset: number; readonly byteLength: number };

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

/**
 * Orders tensors as the safetensors library does when it writes a file, widest dtype first and then by name, and places
 * them one after another.
 */
export function placeTensors<Entry extends HeaderEntry>(entries: readonly Entry[]): PlacedEntry<Entry>[] {
  const ordered = [...entries].sort((a, b) => declared.indexOf(b.dtype) - declared.indexOf(a.dtype) || compareBytes(a.name, b.name));
  let offset = 0;
  return ordered.map((entry) => {
    const placed = { ...entry, offset, byteLength: byteLengthOf(entry) };
    offset += placed.byteLength;
    return placed;
  });
}

/** Bytes of a tensor's data. */
export function byteLengthOf({ dtype, shape }: Pick<HeaderEntry, 'dtype' | 'shape'>): number {
  return (shape.reduce((product, size) => product * size, 1) * bitsOf(dtype)) / 8;
}

/** The header bytes of a safetensors file: length prefix, JSON, and spaces up to a multiple of 8 as the library writes them. */
export function buildHeader(tensors: readonly PlacedEntry<HeaderEntry>[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries = tensors.map(({ name, dtype, shape, offset, byteLength }) =>
    entryText(name, { dtype, shape, data_offsets: [offset, offset + byteLength] }),
  );
  const json = Buffer.from(`{${[entryText('__metadata__', metadata), ...entries].join(',')}}`);
  const length = Math.ceil(json.byteLength / 8) * 8;
  const header = Buffer.alloc(8 + length, ' ');
  header.writeBigUInt64LE(BigInt(length), 0);
  json.copy(header, 8);
  return new Uint8Array(header.buffer, header.byteOffset, header.byteLength);
}

function entryText(name: string, value: object): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}
