import { readFileSync } from 'node:fs';
import { distFile } from '../../base/distFile.js';

type Widen = (source: number, target: number, count: number) => void;
type Compare = (a: number, b: number, count: number) => void;

type Transfer = (target: number, plus: number, minus: number, out: number, count: number, scale: number) => void;
type Finish = (exact: number, delta: number, target: number, out: number, count: number) => void;

type FormCopy = (source: number, out: number, count: number) => number;
type FormTransfer = (target: number, plus: number, minus: number, out: number, count: number, scale: number, rounded: boolean) => number;

type DecodeBlocks = (source: number, target: number, count: number) => void;

type CountMasked<Mask> = (source: number, byteLength: number, mask: Mask) => number;

/** What `dist/kernels.wasm` exports; the sources are in `src/compute/assembly/`. */
export interface KernelExports {
  readonly reset: () => void;
  readonly compareBF16: Compare;
  readonly compareF16: Compare;
  readonly compareF32: Compare;
  readonly compareBF16WithF16: Compare;
  readonly compareBF16WithF32: Compare;
  readonly compareF16WithBF16: Compare;
  readonly compareF16WithF32: Compare;
  readonly compareF32WithBF16: Compare;
  readonly compareF32WithF16: Compare;
  readonly compareExact: (a: number, b: number, count: number, first: number) => void;
  readonly widenBF16: Widen;
  readonly widenF16: Widen;
  readonly widenF32: Widen;
  readonly widenFloat8: Widen;
  readonly widenBooleans: Widen;
  readonly widenI8: Widen;
  readonly widenU8: Widen;
  readonly widenI16: Widen;
  readonly widenU16: Widen;
  readonly widenI32: Widen;
  readonly widenU32: Widen;
  readonly widenI64: Widen;
  readonly widenU64: Widen;
  readonly decodeQ4_0: DecodeBlocks;
  readonly decodeQ8_0: DecodeBlocks;
  readonly decodeQ4_K: DecodeBlocks;
  readonly decodeQ5_K: DecodeBlocks;
  readonly decodeQ6_K: DecodeBlocks;
  readonly addGram: (panel: number, rows: number, count: number, stride: number, gram: number) => void;
  readonly addToTriangle: (triangle: number, panel: number, rows: number, count: number, stride: number) => void;
  readonly turn: (source: number, rows: number, count: number, target: number, stride: number) => void;
  readonly isZero: (source: number, byteLength: number) => number;
  readonly resetCombine: () => void;
  readonly transferBF16: Transfer;
  readonly transferF16: Transfer;
  readonly transferF32: Transfer;
  readonly addScaled: (sum: number, plus: number, count: number, scale: number, isFirst: boolean) => void;
  readonly addScaledDifference: (sum: number, plus: number, minus: number, count: number, scale: number, isFirst: boolean) => void;
  readonly finishBF16: Finish;
  readonly finishF16: Finish;
  readonly finishF32: Finish;
  readonly finishFloat64: Finish;
  readonly countMasked8: CountMasked<number>;
  readonly countMasked16: CountMasked<number>;
  readonly countMasked32: CountMasked<number>;
  readonly countMasked64: CountMasked<bigint>;
  readonly beginHash: () => void;
  readonly addToHash: (source: number, byteLength: number) => void;
  readonly endHash: () => void;
  readonly formTransferBF16: FormTransfer;
  readonly formTransferF16: FormTransfer;
  readonly formTransferF32: FormTransfer;
  readonly formCopyBF16: FormCopy;
  readonly formCopyF16: FormCopy;
  readonly formCopyF32: FormCopy;
  readonly formSumsBF16: FormCopy;
  readonly formSumsF16: FormCopy;
  readonly formSumsF32: FormCopy;
}

/** Compiles and instantiates the kernels over `memory`. A few milliseconds, so every worker does it for itself. */
export function instantiateKernels(memory: WebAssembly.Memory): KernelExports {
  const compiled = new WebAssembly.Module(readFileSync(distFile('kernels.wasm')));
  const instance = new WebAssembly.Instance(compiled, { env: { memory, abort: failAssertion } });
  return instance.exports as unknown as KernelExports;
}

function failAssertion(): never {
  throw new Error('internal: a WebAssembly kernel aborted');
}
