import { FormatError, type FormatFault } from '../../../base/formatError.js';
import { bitsOf } from '../../dtype.js';
import type { FileTensor } from '../format.js';
import { ggmlType, type GgmlType } from './ggmlTypes.js';
import { remedy } from './ggufCursor.js';

/** One entry of the header as written there; the shape from the slowest dimension to the fastest. */
export interface DeclaredGgufTensor {
  readonly name: string;
  /** Where the entry lies in the file. */
  readonly at: number;
  readonly shape: readonly bigint[];
  readonly type: number;
  /** From the start of the data section. */
  readonly offset: bigint;
}

/** Where the data section lies. */
interface DataSection {
  readonly file: string;
  readonly dataStart: number;
  readonly alignment: number;
  readonly fileLength: number;
}

/**
 * Checks that tensors have different names, fit their shapes, are aligned, lie in the file and do not overlap; returns them in the
 * order of their bytes. Room between them is allowed. Blocks are listed as their bytes: `U8`, in rows of bytes.
 * @throws FormatError at the first that does not fit.
 */
export function placeTensors(declared: readonly DeclaredGgufTensor[], section: DataSection): FileTensor[] {
  const names = new Set<string>();
  for (const tensor of declared) {
    if (names.has(tensor.name)) fail(section, tensor, { problem: 'two tensors have this name' });
    names.add(tensor.name);
  }
  const sorted = [...declared].sort((a, b) => (a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0));
  let end = section.dataStart;
  return sorted.map((tensor, index) => {
    const placed = place(tensor, sorted[index + 1], section);
    if (placed.start < end) fail(section, tensor, { problem: 'data overlaps the tensor before it', actual: `offset ${tensor.offset}` });
    end = placed.start + placed.byteLength;
    return placed;
  });
}

function place(tensor: DeclaredGgufTensor, next: DeclaredGgufTensor | undefined, section: DataSection): FileTensor {
  const { dataStart, alignment, fileLength } = section;
  const available = BigInt(fileLength - dataStart);
  if (tensor.offset % BigInt(alignment) !== 0n)
    fail(section, tensor, {
      problem: 'data is not aligned',
      expected: `a multiple of ${alignment}`,
      actual: `offset ${tensor.offset}`,
    });
  if (tensor.offset > available && tensor.shape.every((size) => size > 0n))
    fail(section, tensor, { problem: 'data leaves the file', expected: `at most ${available}`, actual: `offset ${tensor.offset}` });
  const type = ggmlType(tensor.type);
  const until = next === undefined || next.offset > available ? available : next.offset;
  const { byteLength, ...facts } = sizeOf(tensor, type, until - tensor.offset, section);
  if (tensor.offset + byteLength > available)
    fail(section, tensor, {
      problem: 'data leaves the file',
      expected: `${byteLength} bytes at offset ${tensor.offset}`,
      actual: `${available - tensor.offset} bytes`,
    });
  return { name: tensor.name, ...facts, shard: 0, start: dataStart + Number(tensor.offset), byteLength: Number(byteLength) };
}

type Size = Pick<FileTensor, 'dtype' | 'shape' | 'elementCount' | 'blocks'> & { readonly byteLength: bigint };

function sizeOf(tensor: DeclaredGgufTensor, type: GgmlType, room: bigint, section: DataSection): Size {
  const count = tensor.shape.reduce((product, size) => product * size, 1n);
  if (count > BigInt(Number.MAX_SAFE_INTEGER) || tensor.shape.some((size) => size > BigInt(Number.MAX_SAFE_INTEGER)))
    fail(section, tensor, { problem: 'size overflows', actual: `shape [${tensor.shape.join(', ')}]` });
  const shape = tensor.shape.map(Number);
  switch (type.kind) {
    case 'plain':
      return { dtype: type.dtype, shape, elementCount: Number(count), byteLength: (count * BigInt(bitsOf(type.dtype))) / 8n };
    case 'blocks':
      return blockSize(tensor, shape, type, section);
    case 'unsized': {
      const elementCount = room > 0n ? Number(room) : 0;
      return { dtype: 'U8', shape: [elementCount], elementCount, blocks: { type: type.name, shape }, byteLength: BigInt(elementCount) };
    }
    default:
      return type satisfies never;
  }
}

function blockSize(
  tensor: DeclaredGgufTensor,
  shape: readonly number[],
  { name, values, bytes }: Extract<GgmlType, { kind: 'blocks' }>,
  section: DataSection,
): Size {
  const columns = shape.at(-1) ?? 1;
  if (columns % values !== 0)
    fail(section, tensor, {
      problem: `rows are no whole number of ${name} blocks`,
      expected: `a multiple of ${values} columns`,
      actual: `${columns}`,
    });
  const rowBytes = (columns / values) * bytes;
  const inBytes = [...shape.slice(0, -1), rowBytes];
  const elementCount = inBytes.reduce((product, size) => product * size, 1);
  return { dtype: 'U8', shape: inBytes, elementCount, blocks: { type: name, shape }, byteLength: BigInt(elementCount) };
}

function fail({ file }: DataSection, { name, at }: DeclaredGgufTensor, fault: Pick<FormatFault, 'problem' | 'expected' | 'actual'>): never {
  throw new FormatError({ file, tensor: name, offset: at, remedy, ...fault });
}
