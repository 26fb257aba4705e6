import type { Dtype } from '../../checkpoint/index.js';
import { asTransfer, type Arithmetic, type StorageDtype } from '../combination.js';
import * as at from './combineMemory.js';
import { instantiateKernels, type KernelExports } from './kernelModule.js';
import { wideBlock } from './memory.js';
import { WideSteps } from './wideSteps.js';

/** A block of values as float32, valid until the next call, and how many of them are NaN or infinite. */
export interface FormedBlock {
  readonly values: Float32Array;
  readonly nonFinite: number;
}

/** Arithmetic and the address of each input's first element. */
interface PlacedArithmetic extends Arithmetic {
  readonly addresses: readonly number[];
}

/** Bytes of raw inputs that a worker can hold: what WebAssembly can address, less the kernels' own blocks. */
const mostHeld = 2 ** 32 - 2 ** 20;

/** Dtypes with kernels of their own: those that float32 holds exactly. */
type FusedDtype = Exclude<StorageDtype, 'F64'>;

/**
 * Computes the values that a combination would store, as float32, from raw little-endian bytes that stay in the kernels'
 * memory for as many combinations as are wanted.
 */
export class FormKernels {
  /** Elements that are formed at once, at most: the block stays in a core's cache until it is copied out. */
  static readonly blockLength = 16 * 1024;

  readonly #memory = at.allocateCombineMemory();
  readonly #kernels: KernelExports = instantiateKernels(this.#memory);
  readonly #steps = new WideSteps(this.#memory, this.#kernels);
  #values = 0;
  #inputs: readonly number[] = [];

  /**
   * Makes room for raw inputs, in place of those that were held.
   * @returns views to be filled, valid until the next `hold`
   * @throws Error when they are more than a worker can hold
   */
  hold(byteLengths: readonly number[]): Uint8Array[] {
    requireHoldable(byteLengths.reduce((sum, byteLength) => sum + byteLength, 0));
    const [values, ...inputs] = at.placeBuffers(this.#memory, [FormKernels.blockLength * 4, ...byteLengths]);
    [this.#values, this.#inputs] = [values!, inputs];
    return inputs.map((address, i) => new Uint8Array(this.#memory.buffer, address, byteLengths[i]));
  }

  /**
   * Forms a block: stored as `storage`, then widened to float32; with F32 and F64 rounded to float32 once.
   * @param inputs which of the held inputs the steps' inputs are
   * @param starts byte of each at which the block begins
   */
  form(arithmetic: Arithmetic, inputs: readonly number[], starts: readonly number[]): FormedBlock {
    const placed = { ...arithmetic, addresses: inputs.map((input, i) => this.#inputs[input]! + starts[i]!) };
    const nonFinite = this.#copy(placed) ?? this.#transfer(placed) ?? this.#formWidened(placed);
    return { values: new Float32Array(this.#memory.buffer, this.#values, arithmetic.count), nonFinite };
  }

  /** One plain input whose values come through unrounded. */
  #copy({ steps, dtypes, storage, count, addresses }: PlacedArithmetic): number | null {
    const [step] = steps;
    if (step === undefined || steps.length > 1 || step.scale !== 1 || step.minus !== null) return null;
    const dtype = dtypes[step.plus]!;
    if (!isFused(dtype) || !isFusedTo(storage, dtype)) return null;
    const byDtype = { BF16: this.#kernels.formCopyBF16, F16: this.#kernels.formCopyF16, F32: this.#kernels.formCopyF32 };
    return byDtype[dtype](addresses[step.plus]!, this.#values, count);
  }

  #transfer({ steps, dtypes, storage, count, addresses }: PlacedArithmetic): number | null {
    const transfer = asTransfer(steps, dtypes);
    if (transfer === null || !isFused(transfer.dtype) || !isFusedTo(storage, transfer.dtype)) return null;
    const { formTransferBF16, formTransferF16, formTransferF32 } = this.#kernels;
    const kernel = { BF16: formTransferBF16, F16: formTransferF16, F32: formTransferF32 }[transfer.dtype];
    const [target, plus, minus] = [transfer.target, transfer.plus, transfer.minus].map((input) => addresses[input]!);
    return kernel(target!, plus!, minus!, this.#values, count, transfer.scale, storage === transfer.dtype);
  }

  /** Any steps over any dtypes, in float64 blocks that stay in cache. */
  #formWidened({ steps, dtypes, storage, count, addresses }: PlacedArithmetic): number {
    const { formSumsBF16, formSumsF16, formSumsF32 } = this.#kernels;
    const round = { BF16: formSumsBF16, F16: formSumsF16, F32: formSumsF32, F64: formSumsF32 }[storage];
    let nonFinite = 0;
    for (let first = 0; first < count; first += wideBlock) {
      const length = Math.min(wideBlock, count - first);
      this.#steps.evaluate(steps, { dtypes, addresses, first, count: length }, false);
      nonFinite += round(at.sumAddress, this.#values + first * 4, length);
    }
    return nonFinite;
  }
}

function requireHoldable(byteLength: number): void {
  if (byteLength <= mostHeld) return;
  const needed = (byteLength / 1e9).toFixed(1);
  throw new Error(
    `A layer is too large: one thread would hold ${needed} GB of its weights, and can hold 4.2 GB. Use more threads, or score fewer checkpoints at once.`,
  );
}

function isFused(dtype: Dtype): dtype is FusedDtype {
  return dtype === 'BF16' || dtype === 'F16' || dtype === 'F32';
}

/** Whether a fused kernel rounds values of `dtype` as `storage` does: through that dtype, or to float32 only. */
function isFusedTo(storage: StorageDtype, dtype: FusedDtype): boolean {
  return storage === dtype || storage === 'F32' || storage === 'F64';
}
