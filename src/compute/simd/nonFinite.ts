import { bitsOf, type Dtype } from '../../checkpoint/index.js';
import type { KernelExports } from './kernelModule.js';

/** Bits that NaN and infinities of a type have set, all of them, and no number has. */
const specialBits: Partial<Record<Dtype, bigint>> = {
  F64: 0x7ff0000000000000n,
  F32: 0x7f800000n,
  F16: 0x7c00n,
  BF16: 0x7f80n,
  F8_E5M2: 0x7cn,
  F8_E4M3: 0x7fn,
};

/** How many of the elements stored in `byteLength` bytes at `address` are NaN or infinite; 0 for types without values to read. */
export function countNonFinite(kernels: KernelExports, dtype: Dtype, address: number, byteLength: number): number {
  const bits = specialBits[dtype];
  if (bits === undefined) return 0;
  switch (bitsOf(dtype)) {
    case 64:
      return kernels.countMasked64(address, byteLength, bits);
    case 32:
      return kernels.countMasked32(address, byteLength, Number(bits));
    case 16:
      return kernels.countMasked16(address, byteLength, Number(bits));
    default:
      return kernels.countMasked8(address, byteLength, Number(bits));
  }
}
