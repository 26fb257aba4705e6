/** Addresses in the kernels' memory; `src/compute/assembly/layout.ts` names the same ones. */
import { chunkByteLength } from '../kernels.js';

const pageByteLength = 65536;

/** One float64 for each of `statisticFields`, in their order. */
export const resultAddress = 1024;
export const histogramAddress = 2048;
export const histogramCopies = 4;
export const float8TableAddress = 11520;

/** Elements widened to float64 at a time, for dtypes that have no kernel of their own. Both sides stay in L2. */
export const wideBlock = 4096;
export const wideAddressA = pageByteLength;
export const wideAddressB = wideAddressA + wideBlock * 8;

export const inputAddressA = wideAddressB + wideBlock * 8;
export const inputAddressB = inputAddressA + chunkByteLength;

export function allocateMemory(): WebAssembly.Memory {
  const pages = (inputAddressB + chunkByteLength) / pageByteLength;
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}
