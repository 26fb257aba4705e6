import { bitsOf } from './dtype.js';
import { FormatError, type FormatFault } from './formatError.js';
import type { U64 } from './jsonScanner.js';
import type { DeclaredTensor, HeaderTensor } from './safetensorsHeader.js';

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
 * does; returns them in the order of their bytes.
 * @throws FormatError at the first span that does not fit.
 */
export function checkLayout(declared: readonly DeclaredTensor[], section: DataSection): HeaderTensor[] {
  let position: U64 = 0;
  const ordered = sortBySpan(declared);
  const sizes = ordered.map((tensor) => {
    checkSpan(tensor, position, section);
    position = tensor.end;
    return checkSize(tensor, section);
  });
  checkEnd(position, section);
  return ordered.map((tensor, index) => place(tensor, sizes[index]!, section.dataStart));
}

function sortBySpan(tensors: readonly DeclaredTensor[]): DeclaredTensor[] {
  return [...tensors].sort((a, b) => order(a.start, b.start) || order(a.end, b.end));
}

function order(a: U64, b: U64): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function checkSpan({ name, start, end }: DeclaredTensor, position: U64, { file }: DataSection): void {
  const actual = `data_offsets [${start}, ${end}]`;
  const refuse = (problem: string, expected: string): never => fail({ file, tensor: name, problem, expected, actual, remedy });
  if (end < start) refuse('data ends before it starts', 'ascending data_offsets');
  if (start < position) refuse('data overlaps the tensor before it', `data to start at ${position}`);
  if (start > position) refuse('data leaves a gap after the tensor before it', `data to start at ${position}`);
}

interface Size {
  readonly elements: U64;
  readonly bytes: U64;
}

function checkSize(tensor: DeclaredTensor, { file }: DataSection): Size {
  const { name, dtype, shape, start, end } = tensor;
  const what = `${dtype} ${describeShape(shape)}`;
  const refuse = (problem: string, details: Partial<FormatFault>): never => fail({ file, tensor: name, problem, remedy, ...details });
  const elements = shape.reduce<U64 | null>((product, size) => product === null ? null : multiply(product, size), 1);
  const bits = elements === null ? null : multiply(elements, bitsOf(dtype));
  if (elements === null || bits === null) return refuse('size overflows 64 bits', { actual: what });
  const bytes = inBytes(bits) ?? refuse('size is not a whole number of bytes', { actual: `${bits} bits for ${what}` });
  const length = difference(end, start);
  if (length !== bytes) refuse('data does not fit the shape', { expected: `${bytes} bytes for ${what}`, actual: `${length} bytes` });
  return { elements, bytes };
}

/** Null when the product exceeds 64 bits. */
function multiply(a: U64, b: U64): U64 | null {
  const product = Number(a) * Number(b);
  if (Number.isSafeInteger(product)) return product;
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
  const problem = end > available ? 'file is truncated: tensor data ends after the file' : 'file goes on after the last tensor';
  fail({ file, problem, expected: `${end} bytes of tensor data`, actual: `${available} bytes`, remedy });
}

function place(tensor: DeclaredTensor, size: Size, dataStart: number): HeaderTensor {
  return {
    name: tensor.name,
    dtype: tensor.dtype,
    shape: tensor.shape.map(Number),
    elementCount: Number(size.elements),
    start: dataStart + Number(tensor.start),
    byteLength: Number(size.bytes),
  };
}

function describeShape(shape: readonly U64[]): string {
  const shown = shape.slice(0, 8).join(', ');
  return `[${shown}${shape.length > 8 ? `, ... ${shape.length} dimensions` : ''}]`;
}

function fail(fault: FormatFault): never {
  throw new FormatError(fault);
}
