import { openSync, readSync } from 'node:fs';
import { readFlags } from '../base/readFile.js';
import { bitsOf } from '../checkpoint/index.js';
import { BlockComputer } from './blockComputer.js';
import { roundingFields, type RoundingSums } from './combination.js';
import { cutChunk } from './cutChunk.js';
import type { SliceSource } from './sliceReader.js';
import { FileWriter } from './fileWriter.js';
import { hashByteLength, hashChunkByteLength } from './hasher.js';
import { OpenFiles } from './openFiles.js';
import { CombineKernels } from './simd/index.js';
import type { CombineResult, CombineTask, HashTask, OutputChunk } from './task.js';

/** A worker's part in writing and verifying outputs: bytes go from file to memory to file and never leave the thread. */
export class ChunkCombiner {
  readonly #kernels = new CombineKernels();
  readonly #writer = new FileWriter();
  readonly #stored = new Uint8Array(hashChunkByteLength);
  /** Outputs that are checked. */
  readonly #checked = new OpenFiles(2);

  readonly #computer: BlockComputer;

  constructor(private readonly reader: SliceSource) {
    this.#computer = new BlockComputer(this.#kernels, reader);
  }

  /** @throws FileReadError, FileWriteError */
  combine({ chunks, mode }: CombineTask): CombineResult {
    const { hasher } = this.#kernels;
    const hashes = new Uint8Array(chunks.length * hashByteLength);
    const rounding = new Float64Array(chunks.length * roundingFields.length);
    const differing = new Float64Array(chunks.length);
    for (const [i, chunk] of chunks.entries()) {
      hasher.begin();
      for (const block of cutChunk(chunk)) {
        const { bytes, sums } = this.#computer.compute(chunk, block);
        hasher.add(bytes);
        if (mode === 'write') this.#writer.write(chunk.path, bytes, chunk.start + block.start);
        else differing[i]! += this.#countDiffering(chunk, chunk.start + block.start, bytes);
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

  /** Elements whose stored bytes differ from the computed ones; those beyond the end of the file count too. */
  #countDiffering({ path, dtype }: OutputChunk, start: number, bytes: Uint8Array): number {
    const stored = this.#stored.subarray(0, bytes.byteLength);
    const descriptor = this.#checked.use(path, () => openSync(path, readFlags));
    const got = readAvailable(descriptor, stored, start);
    if (got === bytes.byteLength && Buffer.compare(stored, bytes) === 0) return 0;
    const size = Math.max(1, bitsOf(dtype) / 8);
    const places = new Set<number>();
    for (let i = 0; i < bytes.byteLength; i++) if (i >= got || stored[i] !== bytes[i]) places.add(Math.floor(i / size));
    return places.size;
  }
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
