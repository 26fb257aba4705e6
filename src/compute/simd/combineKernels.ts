import { bitsOf, type Dtype } from '../../checkpoint/index.js';
import {
  asTransfer,
  roundingFields,
  targetOf,
  unpackRounding,
  type Arithmetic,
  type RoundingSums,
  type StorageDtype,
} from '../combination.js';
import { Hasher } from '../hasher.js';
import * as at from './combineMemory.js';
import { instantiateKernels, type KernelExports } from './kernelModule.js';
import { wideBlock } from './memory.js';
import { countNonFinite } from './nonFinite.js';
import { WideSteps } from './wideSteps.js';

export interface CombineBuffers {
  readonly inputs: readonly Uint8Array[];
  readonly output: Uint8Array;
}

/**
 * Computes combinations, exactly. There is no GPU counterpart: shaders compute in float32, which gets some values
 * wrong by a unit of the last place, and an engine that is not exact must not write weights.
 *
 * The caller asks for `buffers`, fills the inputs with raw little-endian bytes, calls `combine` and takes the output's
 * bytes. Views are valid until the next `buffers` call.
 */
export class CombineKernels {
  readonly #memory = at.allocateCombineMemory();
  readonly #kernels: KernelExports = instantiateKernels(this.#memory);
  /** Hashes buffers where they are. */
  readonly hasher = new Hasher(this.#memory, this.#kernels);
  readonly #steps = new WideSteps(this.#memory, this.#kernels);
  #output = 0;
  #inputs: readonly number[] = [];

  buffers(inputByteLengths: readonly number[], outputByteLength: number): CombineBuffers {
    const [output, ...inputs] = at.placeBuffers(this.#memory, [outputByteLength, ...inputByteLengths]);
    [this.#output, this.#inputs] = [output!, inputs];
    const { buffer } = this.#memory;
    return {
      output: new Uint8Array(buffer, output, outputByteLength),
      inputs: inputs.map((address, i) => new Uint8Array(buffer, address, inputByteLengths[i])),
    };
  }

  /**
   * Fills elements `[start, start + count)` of the output from the same elements of the inputs. Allocates nothing in the
   * memory, so views stay valid.
   */
  combine(arithmetic: Arithmetic, start = 0): RoundingSums {
    this.#kernels.resetCombine();
    if (!this.#transfer(arithmetic, start)) this.#combineWidened(arithmetic, start);
    return unpackRounding(new Float64Array(this.#memory.buffer, at.resultAddress, roundingFields.length));
  }

  /** How many elements of a part of the buffers are NaN or infinite; 0 for dtypes whose values are not read. */
  countNonFinite(dtype: Dtype, { byteOffset, byteLength }: Uint8Array): number {
    return countNonFinite(this.#kernels, dtype, byteOffset, byteLength);
  }

  /** The common shape, target + scale·(plus − minus) in one dtype throughout, fused. */
  #transfer({ steps, dtypes, storage, count }: Arithmetic, start: number): boolean {
    const kernel = transferKernel(this.#kernels, storage);
    const transfer = asTransfer(steps, dtypes);
    if (!kernel || transfer?.dtype !== storage) return false;
    const { target, plus, minus, scale } = transfer;
    const offset = (start * bitsOf(storage)) / 8;
    const [targetAddress, plusAddress, minusAddress] = [target, plus, minus].map((input) => this.#inputs[input]! + offset);
    kernel(targetAddress!, plusAddress!, minusAddress!, this.#output + offset, count, scale);
    return true;
  }

  /** Any steps over any dtypes, in float64 blocks that stay in cache. */
  #combineWidened(arithmetic: Arithmetic, start: number): void {
    const { steps, dtypes, storage, count } = arithmetic;
    const target = targetOf(steps);
    const finish = finishKernel(this.#kernels, storage);
    const end = start + count;
    for (let first = start; first < end; first += wideBlock) {
      const length = Math.min(wideBlock, end - first);
      const block = { dtypes, addresses: this.#inputs, first, count: length };
      this.#steps.evaluate(steps, block, target !== null);
      if (target === null) new Uint8Array(this.#memory.buffer, at.targetAddress, length * 8).fill(0);
      else this.#steps.widen(block, target, at.targetAddress);
      const delta = target === null ? at.sumAddress : at.deltaAddress;
      finish(at.sumAddress, delta, at.targetAddress, this.#output + (first * bitsOf(storage)) / 8, length);
    }
  }
}

function transferKernel(kernels: KernelExports, storage: Dtype): KernelExports['transferBF16'] | undefined {
  const byDtype: Partial<Record<Dtype, KernelExports['transferBF16']>> = {
    BF16: kernels.transferBF16,
    F16: kernels.transferF16,
    F32: kernels.transferF32,
  };
  return byDtype[storage];
}

function finishKernel(kernels: KernelExports, storage: StorageDtype): KernelExports['finishBF16'] {
  const byDtype = { BF16: kernels.finishBF16, F16: kernels.finishF16, F32: kernels.finishF32, F64: kernels.finishFloat64 };
  return byDtype[storage];
}
