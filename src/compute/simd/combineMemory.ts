/** Addresses in the memory of the combining kernels; `src/compute/assembly/combineLayout.ts` names the same ones. */
import { wideBlock } from './memory.js';

const pageByteLength = 65536;
/** Of the start of each buffer, so that vectors do not straddle cache lines. */
const alignment = 64;

/** Results, one float64 each, in the order of `roundingFields`. */
export const resultAddress = 16384;

/** XXH3: the hash, and the secret that the caller puts there. */
export const hashAddress = 20480;
export const hashSecretAddress = 20928;

/** Float64 blocks of the general path, `wideBlock` elements each. */
export const sumAddress = pageByteLength;
export const plusAddress = sumAddress + wideBlock * 8;
export const minusAddress = plusAddress + wideBlock * 8;
export const deltaAddress = minusAddress + wideBlock * 8;
export const targetAddress = deltaAddress + wideBlock * 8;

const firstBuffer = targetAddress + wideBlock * 8;

/** The same blocks, where bytes from outside lie while they are hashed. */
export const scratchAddress = sumAddress;
export const scratchByteLength = firstBuffer - scratchAddress;

/** @returns the addresses of buffers of these sizes, after which `memory` is large enough to hold them. */
export function placeBuffers(memory: WebAssembly.Memory, byteLengths: readonly number[]): number[] {
  let next = firstBuffer;
  const addresses = byteLengths.map((byteLength) => {
    const address = next;
    next += Math.ceil(byteLength / alignment) * alignment;
    return address;
  });
  const missing = next - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageByteLength));
  return addresses;
}

export function allocateCombineMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: Math.ceil(firstBuffer / pageByteLength) });
}
