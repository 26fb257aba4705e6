/** SIMD kernels in WebAssembly: the default engine, everywhere. */
import { bitsOf, type Dtype } from '../../checkpoint/index.js';
import { chunkByteLength, histogramBins, type ChunkStatistics, type Kernels } from '../kernels.js';
import { readScalarStatistics, statisticFields } from '../statisticFields.js';
import { instantiateKernels, type KernelExports } from './kernelModule.js';
import * as at from './memory.js';
import { Widener } from './widener.js';

export { decodeInKernel, type KernelBlockType } from './blockDecoders.js';
export { CombineKernels, type CombineBuffers } from './combineKernels.js';
export { FormKernels } from './formKernels.js';
export { isWidened, ProductKernels, type Panel, type StoredColumns, type WidenedDtype } from './productKernels.js';

/** @returns kernels with their own memory (about 9 MB). */
export function createSimdKernels(): Promise<Kernels> {
  return Promise.resolve(new SimdKernels());
}

class SimdKernels implements Kernels {
  readonly name = 'simd';
  readonly detail = 'WebAssembly SIMD';
  /** Both sides together fit the second-level cache, so that what was just read is computed on from there. */
  readonly blockByteLength = 512 * 1024;
  readonly #memory = at.allocateMemory();
  readonly #exports = instantiateKernels(this.#memory);
  readonly #widener = new Widener(this.#memory, this.#exports);

  inputs(byteLengthA: number, byteLengthB: number): { a: Uint8Array; b: Uint8Array } {
    if (Math.max(byteLengthA, byteLengthB) > chunkByteLength) throw new Error('internal: chunk larger than the input buffers');
    const { buffer } = this.#memory;
    return { a: new Uint8Array(buffer, at.inputAddressA, byteLengthA), b: new Uint8Array(buffer, at.inputAddressB, byteLengthB) };
  }

  compare(dtypeA: Dtype, dtypeB: Dtype, count: number): Promise<ChunkStatistics> {
    this.#exports.reset();
    const kernel = kernelOf(this.#exports, dtypeA, dtypeB);
    if (kernel) kernel(at.inputAddressA, at.inputAddressB, count);
    else this.#compareWidened(dtypeA, dtypeB, count);
    return Promise.resolve(this.#results());
  }

  dispose(): void {
    // The memory is the garbage collector's.
  }

  /** All other pairs of dtypes: both sides are widened to float64 block by block and compared exactly. */
  #compareWidened(dtypeA: Dtype, dtypeB: Dtype, count: number): void {
    for (let first = 0; first < count; first += at.wideBlock) {
      const length = Math.min(at.wideBlock, count - first);
      this.#widener.widen(dtypeA, at.inputAddressA + (first * bitsOf(dtypeA)) / 8, at.wideAddressA, length);
      this.#widener.widen(dtypeB, at.inputAddressB + (first * bitsOf(dtypeB)) / 8, at.wideAddressB, length);
      this.#exports.compareExact(at.wideAddressA, at.wideAddressB, length, first);
    }
  }

  #results(): ChunkStatistics {
    const results = new Float64Array(this.#memory.buffer, at.resultAddress, statisticFields.length);
    return { ...readScalarStatistics(results, 0), histogram: this.#histogram() };
  }

  #histogram(): Uint32Array {
    const copies = new Uint32Array(this.#memory.buffer, at.histogramAddress, at.histogramCopies * histogramBins);
    const sum = copies.slice(0, histogramBins);
    for (let copy = histogramBins; copy < copies.length; copy += histogramBins) {
      for (let bin = 0; bin < histogramBins; bin++) sum[bin]! += copies[copy + bin]!;
    }
    return sum;
  }
}

type CompareKernel = (a: number, b: number, count: number) => void;

/** The kernel for two inputs that float32 holds exactly, and for two of F64; the others are widened to float64 first. */
function kernelOf(kernels: KernelExports, dtypeA: Dtype, dtypeB: Dtype): CompareKernel | undefined {
  const byDtypes: Partial<Record<Dtype, Partial<Record<Dtype, CompareKernel>>>> = {
    BF16: { BF16: kernels.compareBF16, F16: kernels.compareBF16WithF16, F32: kernels.compareBF16WithF32 },
    F16: { BF16: kernels.compareF16WithBF16, F16: kernels.compareF16, F32: kernels.compareF16WithF32 },
    F32: { BF16: kernels.compareF32WithBF16, F16: kernels.compareF32WithF16, F32: kernels.compareF32 },
    F64: { F64: (a, b, count) => kernels.compareExact(a, b, count, 0) },
  };
  return byDtypes[dtypeA]?.[dtypeB];
}
