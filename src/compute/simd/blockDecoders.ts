import { instantiateKernels, type KernelExports } from './kernelModule.js';
import * as at from './memory.js';

/** Types of GGUF blocks that have a kernel. */
export type KernelBlockType = 'Q4_0' | 'Q8_0' | 'Q4_K' | 'Q5_K' | 'Q6_K';

/** Values decoded at a time: they stay in the second-level cache until they are copied. */
const step = 64 * 1024;

let exports: KernelExports | null = null;
let memory: WebAssembly.Memory | null = null;

/**
 * Decodes `count` whole blocks of `size` bytes and `values` values from byte `from` of `bytes` into `out` from element `to` on, in a
 * memory of its own that all decoders of a thread share.
 */
export function decodeInKernel(
  type: KernelBlockType,
  { values, bytes: size }: { readonly values: number; readonly bytes: number },
  bytes: Uint8Array,
  from: number,
  out: Float32Array,
  to: number,
  count: number,
): void {
  memory ??= at.allocateMemory();
  exports ??= instantiateKernels(memory);
  const source = new Uint8Array(memory.buffer, at.inputAddressA, (step / values) * size);
  const decoded = new Float32Array(memory.buffer, at.inputAddressB, step);
  for (let first = 0; first < count; first += step / values) {
    const some = Math.min(step / values, count - first);
    const start = from + first * size;
    source.set(bytes.subarray(start, start + some * size));
    exports[`decode${type}`](at.inputAddressA, at.inputAddressB, some);
    out.set(some * values === step ? decoded : decoded.subarray(0, some * values), to + first * values);
  }
}
