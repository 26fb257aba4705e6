import type { Dtype } from '../../checkpoint/index.js';
import { asTransfer, type Arithmetic, type StorageDtype } from '../combination.js';
import * as at from './combineMemory.js';
import { instantiateKernels, type KernelExports } from './kernelModule.js';
import { wideBlock } from './memory.js';
import { WideSteps } from './wideSteps.js';

export interface FormBuffers {
  readonly inputs: readonly Uint8Array[];
  readonly values: Float32Array;
}

/** Dtypes with kernels of their own: those that float32 holds exactly. */
type FusedDtype = Exclude<StorageDtype, 'F64'>;

/**
 * Computes the values that a combination would store, as float32. The caller asks for `buffers`, fills the inputs with raw
 * little-endian bytes, calls `form` and takes the values. Views are valid until the next `buffers` call.
 */
export class FormKernels {
  readonly #memory = at.allocateCombineMemory();
  readonly #kernels: KernelExports = instantiateKernels(this.#memory);
  readonly #steps = new WideSteps(this.#memory, this.#kernels);
  #values = 0;
  #inputs: readonly number[] = [];

  buffers(inputByteLengths: readonly number[], count: number): FormBuffers {
    const [values, ...inputs] = at.placeBuffers(this.#memory, [count * 4, ...inputByteLengths]);
    [this.#values, this.#inputs] = [values!, inputs];
    const { buffer } = this.#memory;
    return {
      values: new Float32Array(buffer, this.#values, count),
      inputs: inputs.map((address, i) => new Uint8Array(buffer, address, inputByteLengths[i])),
    };
  }

  /**
   * Fills the first `count` values: stored as `storage`, then widened to float32; with F32 and F64 rounded to float32 once.
   * @returns how many are NaN or infinite
   */
  form(arithmetic: Arithmetic): number {
    return this.#copy(arithmetic) ?? this.#transfer(arithmetic) ?? this.#formWidened(arithmetic);
  }

  /** One plain input whose values come through unrounded. */
  #copy({ steps, dtypes, storage, count }: Arithmetic): number | null {
    const [step] = steps;
    if (step === undefined || steps.length > 1 || step.scale !== 1 || step.minus !== null) return null;
    const dtype = dtypes[step.plus]!;
    if (!isFused(dtype) || !isFusedTo(storage, dtype)) return null;
    const byDtype = { BF16: this.#kernels.formCopyBF16, F16: this.#kernels.formCopyF16, F32: this.#kernels.formCopyF32 };
    return byDtype[dtype](this.#inputs[step.plus]!, this.#values, count);
  }

  #transfer({ steps, dtypes, storage, count }: Arithmetic): number | null {
    const transfer = asTransfer(steps, dtypes);
    if (transfer === null || !isFused(transfer.dtype) || !isFusedTo(storage, transfer.dtype)) return null;
    const { formTransferBF16, formTransferF16, formTransferF32 } = this.#kernels;
    const kernel = { BF16: formTransferBF16, F16: formTransferF16, F32: formTransferF32 }[transfer.dtype];
    const [target, plus, minus] = [transfer.target, transfer.plus, transfer.minus].map((input) => this.#inputs[input]!);
    return kernel(target!, plus!, minus!, this.#values, count, transfer.scale, storage === transfer.dtype);
  }

  /** Any steps over any dtypes, in float64 blocks that stay in cache. */
  #formWidened({ steps, dtypes, storage, count }: Arithmetic): number {
    const { formSumsBF16, formSumsF16, formSumsF32 } = this.#kernels;
    const round = { BF16: formSumsBF16, F16: formSumsF16, F32: formSumsF32, F64: formSumsF32 }[storage];
    let nonFinite = 0;
    for (let first = 0; first < count; first += wideBlock) {
      const length = Math.min(wideBlock, count - first);
      this.#steps.evaluate(steps, { dtypes, addresses: this.#inputs, first, count: length }, false);
      nonFinite += round(at.sumAddress, this.#values + first * 4, length);
    }
    return nonFinite;
  }
}

function isFused(dtype: Dtype): dtype is FusedDtype {
  return dtype === 'BF16' || dtype === 'F16' || dtype === 'F32';
}

/** Whether a fused kernel rounds values of `dtype` as `storage` does: through that dtype, or to float32 only. */
function isFusedTo(storage: StorageDtype, dtype: FusedDtype): boolean {
  return storage === dtype || storage === 'F32' || storage === 'F64';
}
