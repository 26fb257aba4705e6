import type { Dtype } from '../../checkpoint/index.js';
import { decodeToFloat64 } from '../reference/index.js';
import type { KernelExports } from './kernelModule.js';
import { float8TableAddress } from './memory.js';

/** Widens stored values of every readable dtype to float64 within one memory. */
export class Widener {
  #float8Table: Dtype | null = null;

  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly kernels: KernelExports,
  ) {}

  /** Writes `count` values of `source` to `target`, eight bytes each. */
  widen(dtype: Dtype, source: number, target: number, count: number): void {
    if (dtype === 'F64') new Uint8Array(this.memory.buffer).copyWithin(target, source, source + count * 8);
    else if (dtype === 'F8_E4M3' || dtype === 'F8_E5M2') this.#widenFloat8(dtype, source, target, count);
    else wideningKernel(this.kernels, dtype)(source, target, count);
  }

  #widenFloat8(dtype: Dtype, source: number, target: number, count: number): void {
    if (this.#float8Table !== dtype) {
      const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      new Float64Array(this.memory.buffer, float8TableAddress, 256).set(decodeToFloat64(dtype, everyByte, 256));
      this.#float8Table = dtype;
    }
    this.kernels.widenFloat8(source, target, count);
  }
}

function wideningKernel(kernels: KernelExports, dtype: Dtype): (source: number, target: number, count: number) => void {
  const byDtype: Partial<Record<Dtype, (source: number, target: number, count: number) => void>> = {
    BF16: kernels.widenBF16,
    F16: kernels.widenF16,
    F32: kernels.widenF32,
    I8: kernels.widenI8,
    U8: kernels.widenU8,
    BOOL: kernels.widenBooleans,
    I16: kernels.widenI16,
    U16: kernels.widenU16,
    I32: kernels.widenI32,
    U32: kernels.widenU32,
    I64: kernels.widenI64,
    U64: kernels.widenU64,
  };
  const kernel = byDtype[dtype];
  if (!kernel) throw new Error(`internal: values of dtype ${dtype} are not read`);
  return kernel;
}
