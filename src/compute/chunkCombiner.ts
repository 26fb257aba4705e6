import { openSync, readSync } from 'node:fs';
import { bitsOf, type Dtype } from '../checkpoint/index.js';
import { isStorageDtype, noRounding, roundingFields, type RoundingSums, type StorageDtype } from './combination.js';
import { cutChunk } from './cutChunk.js';
import type { FileReader } from './fileReader.js';
import { FileWriter } from './fileWriter.js';
import { hashByteLength, hashChunkByteLength } from './hasher.js';
import { CombineKernels, type CombineBuffers } from './simd/index.js';
import type { ChunkSegment, CombineResult, CombineTask, HashTask, OutputChunk } from './task.js';

/** A worker's part in writing and verifying outputs: bytes go from file to memory to file and never leave the thread. */
export class ChunkCombiner {
  readonly #kernels = new CombineKernels();
  readonly #writer = new FileWriter();
  readonly #stored = new Uint8Array(hashChunkByteLength);
  readonly #checked = new Map<string, number>();

  constructor(private readonly reader: FileReader) {}

  /** @throws FileReadError, FileWriteError */
  combine({ chunks, mode }: CombineTask): CombineResult {
    const { hasher } = this.#kernels;
    const hashes = new Uint8Array(chunks.length * hashByteLength);
    const rounding = new Float64Array(chunks.length * roundingFields.length);
    const differing = new Float64Array(chunks.length);
    for (const [i, chunk] of chunks.entries()) {
      hasher.begin();
      for (const block of cutChunk(chunk)) {
        const { bytes, sums } = this.#compute(block);
        hasher.add(bytes);
        if (mode === 'write') this.#writer.write(block.path, bytes, block.start);
        else differing[i]! += this.#countDiffering(block, bytes);
        addSums(rounding, i * roundingFields.length, sums);
      }
      hashes.set(hasher.end(), i * hashByteLength);
    }
    return { hashes, rounding, differing };
  }

  /** @throws FileReadError */
  hash({ ranges }: HashTask): Uint8Array {
    const hashes = new Uint8Array(ranges.length * hashByteLength);
    for (const [i, range] of ranges.entries()) {
      const [bytes] = this.#kernels.buffers([range.byteLength], 0).inputs;
      this.reader.read(range, bytes!);
      hashes.set(this.#kernels.hasher.hash(bytes!), i * hashByteLength);
    }
    return hashes;
  }

  #compute(chunk: OutputChunk): { bytes: Uint8Array; sums: readonly RoundingSums[] } {
    const buffers = this.#kernels.buffers(
      chunk.inputs.map(({ byteLength }) => byteLength),
      chunk.segments ? chunk.byteLength : 0,
    );
    this.#readInputs(chunk, buffers);
    if (chunk.segments === null) return { bytes: buffers.inputs[0]!, sums: [this.#sumsOfCopy(chunk.dtype, buffers.inputs[0]!)] };
    const sums = chunk.segments.map((segment) => this.#fill(chunk, segment, buffers));
    return { bytes: buffers.output, sums };
  }

  #readInputs({ inputs }: OutputChunk, buffers: CombineBuffers): void {
    for (const [i, { slices, byteLength }] of inputs.entries()) {
      const buffer = buffers.inputs[i]!;
      const covered = slices.reduce((sum, { slice }) => sum + slice.byteLength, 0);
      if (covered < byteLength) buffer.fill(0);
      for (const { slice, at } of slices) this.reader.read(slice, buffer.subarray(at, at + slice.byteLength));
    }
  }

  #fill(chunk: OutputChunk, segment: ChunkSegment, buffers: CombineBuffers): RoundingSums {
    const { dtype, inputs } = chunk;
    const { first, count } = segment;
    const dtypes = inputs.map((input) => input.dtype);
    switch (segment.kind) {
      case 'combine':
        return this.#kernels.combine({ steps: segment.steps, dtypes, storage: storageOf(chunk), count }, first);
      case 'copy':
        if (dtypes[segment.input] !== dtype) return this.#convert(chunk, segment.input, first, count);
        return this.#sumsOfCopy(dtype, copyElements(dtype, buffers.inputs[segment.input]!, buffers.output, first, count));
      case 'zeros':
        buffers.output.fill(0, bytesOf(dtype, first), bytesOf(dtype, first + count));
        return noRounding;
    }
  }

  /** Copies elements into another dtype. They have no Δ, but may be beyond the dtype. */
  #convert(chunk: OutputChunk, input: number, first: number, count: number): RoundingSums {
    const dtypes = chunk.inputs.map(({ dtype }) => dtype);
    const steps = [{ scale: 1, plus: input, minus: null }];
    const { nonFiniteCount, overflowCount } = this.#kernels.combine({ steps, dtypes, storage: storageOf(chunk), count }, first);
    return { ...noRounding, nonFiniteCount, overflowCount };
  }

  #sumsOfCopy(dtype: Dtype, copied: Uint8Array): RoundingSums {
    return { ...noRounding, nonFiniteCount: this.#kernels.countNonFinite(dtype, copied) };
  }

  /** Elements whose stored bytes differ from the computed ones; those beyond the end of the file count too. */
  #countDiffering({ path, start, dtype }: OutputChunk, bytes: Uint8Array): number {
    const stored = this.#stored.subarray(0, bytes.byteLength);
    const got = readAvailable(this.#openChecked(path), stored, start);
    if (got === bytes.byteLength && Buffer.compare(stored, bytes) === 0) return 0;
    const size = Math.max(1, bitsOf(dtype) / 8);
    const places = new Set<number>();
    for (let i = 0; i < bytes.byteLength; i++) if (i >= got || stored[i] !== bytes[i]) places.add(Math.floor(i / size));
    return places.size;
  }

  #openChecked(path: string): number {
    const descriptor = this.#checked.get(path) ?? openSync(path, 'r');
    this.#checked.set(path, descriptor);
    return descriptor;
  }
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

function readAvailable(descriptor: number, target: Uint8Array, position: number): number {
  let filled = 0;
  while (filled < target.byteLength) {
    const got = readSync(descriptor, target, filled, target.byteLength - filled, position + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

function addSums(totals: Float64Array, at: number, sums: readonly RoundingSums[]): void {
  for (const part of sums) for (const [i, field] of roundingFields.entries()) totals[at + i]! += part[field];
}
