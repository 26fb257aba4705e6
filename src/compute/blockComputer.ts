import { bitsOf, type Dtype } from '../checkpoint/index.js';
import { isStorageDtype, noRounding, type RoundingSums, type StorageDtype } from './combination.js';
import { cutSegments, type ChunkBlock } from './cutChunk.js';
import type { SliceSource } from './sliceReader.js';
import type { CombineBuffers, CombineKernels } from './simd/index.js';
import type { ChunkInput, ChunkSegment, OutputChunk } from './task.js';

/** A block of output in the kernels' memory, valid until the next one, and what rounding did to its segments. */
export interface ComputedBlock {
  readonly bytes: Uint8Array;
  readonly sums: readonly RoundingSums[];
}

/** Reads the inputs of a block into the kernels' memory and computes its output there. */
export class BlockComputer {
  constructor(
    private readonly kernels: CombineKernels,
    private readonly reader: SliceSource,
  ) {}

  /** @throws FileReadError */
  compute(chunk: OutputChunk, block: ChunkBlock): ComputedBlock {
    const { dtype, inputs, segments } = chunk;
    const buffers = this.kernels.buffers(
      inputs.map((input) => bytesOf(input.dtype, block.count)),
      segments ? block.byteLength : 0,
    );
    for (const [i, input] of inputs.entries()) this.#read(input, bytesOf(input.dtype, block.first), buffers.inputs[i]!);
    if (segments === null) return { bytes: buffers.inputs[0]!, sums: [this.#sumsOfCopy(dtype, buffers.inputs[0]!)] };
    const sums = cutSegments(segments, block.first, block.count).map((segment) => this.#fill(chunk, segment, buffers));
    return { bytes: buffers.output, sums };
  }

  /** Reads what lies in bytes `[start, start + buffer.byteLength)` of an input. Zeros stand where no slice goes. */
  #read({ slices }: ChunkInput, start: number, buffer: Uint8Array): void {
    const end = start + buffer.byteLength;
    let covered = 0;
    for (const { slice, at } of slices) covered += Math.max(0, Math.min(at + slice.byteLength, end) - Math.max(at, start));
    if (covered < buffer.byteLength) buffer.fill(0);
    for (const { slice, at } of slices) {
      const from = Math.max(at, start);
      const to = Math.min(at + slice.byteLength, end);
      if (from < to) this.reader.read(slice, buffer.subarray(from - start, to - start), from - at);
    }
  }

  #fill(chunk: OutputChunk, segment: ChunkSegment, buffers: CombineBuffers): RoundingSums {
    const { dtype, inputs } = chunk;
    const { first, count } = segment;
    switch (segment.kind) {
      case 'combine':
        return this.kernels.combine({ steps: segment.steps, dtypes: dtypesOf(chunk), storage: storageOf(chunk), count }, first);
      case 'copy':
        if (inputs[segment.input]!.dtype !== dtype) return this.#convert(chunk, segment.input, first, count);
        return this.#sumsOfCopy(dtype, copyElements(dtype, buffers.inputs[segment.input]!, buffers.output, first, count));
      case 'zeros':
        buffers.output.fill(0, bytesOf(dtype, first), bytesOf(dtype, first + count));
        return noRounding;
    }
  }

  /** Copies elements into another dtype. They have no Δ, but may be beyond the dtype. */
  #convert(chunk: OutputChunk, input: number, first: number, count: number): RoundingSums {
    const steps = [{ scale: 1, plus: input, minus: null }];
    const sums = this.kernels.combine({ steps, dtypes: dtypesOf(chunk), storage: storageOf(chunk), count }, first);
    return { ...noRounding, nonFiniteCount: sums.nonFiniteCount, overflowCount: sums.overflowCount };
  }

  #sumsOfCopy(dtype: Dtype, copied: Uint8Array): RoundingSums {
    return { ...noRounding, nonFiniteCount: this.kernels.countNonFinite(dtype, copied) };
  }
}

function dtypesOf({ inputs }: OutputChunk): Dtype[] {
  return inputs.map(({ dtype }) => dtype);
}

function storageOf({ dtype, tensor }: OutputChunk): StorageDtype {
  if (isStorageDtype(dtype)) return dtype;
  throw new Error(`internal: tensor ${tensor} of dtype ${dtype} cannot be computed, only copied`);
}

function bytesOf(dtype: Dtype, count: number): number {
  return (count * bitsOf(dtype)) / 8;
}

/** @returns the copied bytes, where they are now */
function copyElements(dtype: Dtype, from: Uint8Array, to: Uint8Array, first: number, count: number): Uint8Array {
  const [start, end] = [bytesOf(dtype, first), bytesOf(dtype, first + count)];
  to.set(from.subarray(start, end), start);
  return to.subarray(start, end);
}
