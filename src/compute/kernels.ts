import type { Dtype } from '../checkpoint/index.js';

/** Number of bins of the raw histogram: sign bit and the eight exponent bits of Δ as a float32. */
export const histogramBins = 512;

/**
 * Unreduced statistics of one chunk of a tensor pair: sums that add up over chunks, so that a tensor, a layer and
 * the model are sums of chunks. Sums are float64 over positions where both values are finite. Δ = B − A.
 */
export interface ChunkStatistics {
  readonly sumSquaresA: number;
  readonly sumSquaresB: number;
  readonly sumProducts: number;
  readonly sumSquaresDelta: number;
  readonly sumDelta: number;
  readonly maxAbsDelta: number;
  /** Index within the chunk of the first position that reaches `maxAbsDelta`; -1 when nothing changed. */
  readonly maxAbsDeltaIndex: number;
  readonly comparedCount: number;
  /** Compared positions whose Δ is exactly 0, of either sign. */
  readonly zeroCount: number;
  readonly changedCount: number;
  readonly signFlips: number;
  readonly nonFiniteA: number;
  readonly nonFiniteB: number;
  /**
   * Counts of Δ by the top nine bits of its float32 form: bin `sign << 8 | biased exponent`. Only positions where
   * both values are finite count; zeros of either sign count in bin 0, together with positive Δ below 2^-126 (which
   * `zeroCount` tells apart); negative Δ below 2^-126 in bin 256. A Δ beyond float32 counts in exponent 255.
   */
  readonly histogram: Uint32Array;
}

/**
 * The arithmetic of a comparison, over chunks small enough to stay in cache. Two implementations exist (SIMD
 * WebAssembly, gpu.js); both meet the conformance suite in `test/unit/compute/`.
 *
 * Contract: the caller asks for `inputs`, fills both views with the raw little-endian bytes of the chunk, and calls
 * `compare`. Views are valid until the next `inputs` call. One call is in flight at a time. Not responsible for:
 * files, chunking, order of chunks, adding chunks up.
 */
export interface Kernels {
  readonly name: 'simd' | 'gpu';
  /** Backend and device for people: `WebAssembly SIMD`, `webgpu (SwiftShader)`. */
  readonly detail: string;
  /** Bytes of one side that are best given at a time; at most `chunkByteLength`, and whole elements of any dtype. */
  readonly blockByteLength: number;
  /** Two writable views of these sizes, at most `chunkByteLength` each. */
  inputs(byteLengthA: number, byteLengthB: number): { readonly a: Uint8Array; readonly b: Uint8Array };
  /** Statistics of the first `count` elements of both inputs. Any readable dtype on either side. */
  compare(dtypeA: Dtype, dtypeB: Dtype, count: number): Promise<ChunkStatistics>;
  /** Frees the device or memory; the instance is unusable afterwards. */
  dispose(): void;
}

/** Largest number of bytes of one side that a chunk may have. */
export const chunkByteLength = 4 * 1024 * 1024;
