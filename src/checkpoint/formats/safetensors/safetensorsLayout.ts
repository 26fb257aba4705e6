import { bitsOf, type Dtype } from '../../dtype.js';
import { FormatError, type FormatFault } from '../../../base/formatError.js';
import type { U64 } from '../../../base/json/jsonNumber.js';
import type { FileTensor } from '../format.js';

/** One entry of the header as written there, offsets relative to the data section. */
export interface DeclaredTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly U64[];
  readonly start: U64;
  readonly end: U64;
}

/** The reference computes sizes in 64-bit unsigned integers and refuses what overflows, even beside a dimension of 0. */
const largestSize = 0xffff_ffff_ffff_ffffn;

const remedy = 'The file is damaged or incomplete: download or export it again.';

/** Where the data section lies. */
interface DataSection {
  readonly file: string;
  readonly dataStart: number;
  readonly fileLength: number;
}

/**
 * Checks that the tensors' spans follow each other without gap or overlap, fit their shapes, and end where the file
 * does; returns them in the order of their bytes, as tensors of shard 0.
 * @throws FormatError at the first span that does not fit.
 */
export function checkLayout(declared: readonly DeclaredTensor[], section: DataSection): FileTensor[] {
  let position: U64 = 0;
  const placed = sortBySpan(declared).map((tensor) => {
    checkSpan(tensor, position, section);
    position = tensor.end;
    return place(tensor, checkSize(tensor, section), section.dataStart);
  });
  checkEnd(position, section);
  return placed;
}

/** The order in the header may be any; equal spans can only be empty, so their order decides nothing. */
function sortBySpan(tensors: readonly DeclaredTensor[]): DeclaredTensor[] {
  return [...tensors].sort((a, b) => order(a.start, b.start) || order(a.end, b.end));
}

function order(a: U64, b: U64): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function checkSpan(tensor: DeclaredTensor, position: U64, section: DataSection): void {
  const { start, end } = tensor;
  if (start === position && end >= start) return;
  const problem =
    end < start
      ? 'data ends before it starts'
      : start < position
        ? 'data overlaps the tensor before it'
        : 'data leaves a gap after the tensor before it';
  const expected = end < start ? 'ascending data_offsets' : `data to start at ${position}`;
  fail({ file: section.file, tensor: tensor.name, problem, expected, actual: `data_offsets [${start}, ${end}]`, remedy });
}

interface Size {
  readonly elements: U64;
  readonly bytes: U64;
}

function checkSize(tensor: DeclaredTensor, section: DataSection): Size {
  const elements = elementCount(tensor.shape);
  const bits = elements === null ? null : multiply(elements, bitsOf(tensor.dtype));
  if (elements === null || bits === null) return failSize(tensor, section, { problem: 'size overflows 64 bits', actual: describe(tensor) });
  const bytes = inBytes(bits);
  if (bytes === null)
    return failSize(tensor, section, { problem: 'size is not a whole number of bytes', actual: `${bits} bits for ${describe(tensor)}` });
  const length = difference(tensor.end, tensor.start);
  if (length === bytes) return { elements, bytes };
  const expected = `${bytes} bytes for ${describe(tensor)}`;
  return failSize(tensor, section, { problem: 'data does not fit the shape', expected, actual: `${length} bytes` });
}

function failSize({ name }: DeclaredTensor, { file }: DataSection, fault: Pick<FormatFault, 'problem' | 'expected' | 'actual'>): never {
  return fail({ file, tensor: name, remedy, ...fault });
}

function elementCount(shape: readonly U64[]): U64 | null {
  let product: U64 | null = 1;
  for (const size of shape) product = product === null ? null : multiply(product, size);
  return product;
}

/** Null when the product exceeds 64 bits. */
function multiply(a: U64, b: U64): U64 | null {
  const product = Number(a) * Number(b);
  if (product <= Number.MAX_SAFE_INTEGER) return product;
  const exact = BigInt(a) * BigInt(b);
  return exact > largestSize ? null : normalise(exact);
}

/** Null when the bits do not fill whole bytes. */
function inBytes(bits: U64): U64 | null {
  if (typeof bits === 'number') return bits % 8 === 0 ? bits / 8 : null;
  return bits % 8n === 0n ? normalise(bits / 8n) : null;
}

function difference(a: U64, b: U64): U64 {
  return typeof a === 'number' && typeof b === 'number' ? a - b : normalise(BigInt(a) - BigInt(b));
}

function normalise(value: bigint): U64 {
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function checkEnd(end: U64, { file, dataStart, fileLength }: DataSection): void {
  const available = fileLength - dataStart;
  if (end === available) return;
  const isShort = end > available;
  const problem = isShort ? 'file is truncated: tensor data ends after the file' : 'file goes on after the last tensor';
  const cut = `The tensors are all there, but no safetensors library reads such a file: export it again, or cut it to ${dataStart + Number(end)} bytes.`;
  fail({ file, problem, expected: `${end} bytes of tensor data`, actual: `${available} bytes`, remedy: isShort ? remedy : cut });
}

function place(tensor: DeclaredTensor, size: Size, dataStart: number): FileTensor {
  return {
    name: tensor.name,
    dtype: tensor.dtype,
    shape: toNumbers(tensor.shape),
    elementCount: Number(size.elements),
    shard: 0,
    start: dataStart + Number(tensor.start),
    byteLength: Number(size.bytes),
  };
}

function toNumbers(shape: readonly U64[]): readonly number[] {
  return isNumeric(shape) ? shape : shape.map(Number);
}

function isNumeric(shape: readonly U64[]): shape is readonly number[] {
  return shape.every((size) => typeof size === 'number');
}

function describe({ dtype, shape }: DeclaredTensor): string {
  const shown = shape.slice(0, 8).join(', ');
  return `${dtype} [${shown}${shape.length > 8 ? `, ... ${shape.length} dimensions` : ''}]`;
}

function fail(fault: FormatFault): never {
  throw new FormatError(fault);
}
