import { bitsOf } from '../checkpoint/index.js';
import type { ChunkSegment, OutputChunk } from './task.js';

/** Bytes of output that are worked on at once: fewer calls of the system than with less, fewer misses of the cache than with more. */
const blockByteLength = 512 * 1024;

/** Elements `[first, first + count)` of a chunk, which are `byteLength` bytes of its output from byte `start` on. */
export interface ChunkBlock {
  readonly first: number;
  readonly count: number;
  readonly start: number;
  readonly byteLength: number;
}

/** The parts of a chunk, in order, each of at most 512 KiB of output. */
export function* cutChunk(chunk: OutputChunk): Generator<ChunkBlock> {
  const bits = bitsOf(chunk.dtype);
  for (let start = 0; start < chunk.byteLength; start += blockByteLength) {
    const byteLength = Math.min(blockByteLength, chunk.byteLength - start);
    yield { first: (start * 8) / bits, count: (byteLength * 8) / bits, start, byteLength };
  }
}

/** The part of the segments that lies in elements `[first, first + count)`, counted from there. */
export function cutSegments(segments: readonly ChunkSegment[], first: number, count: number): readonly ChunkSegment[] {
  const [only] = segments;
  if (only !== undefined && segments.length === 1 && first === 0 && only.first === 0 && only.count === count) return segments;
  return segments.flatMap((segment) => {
    const start = Math.max(segment.first, first);
    const end = Math.min(segment.first + segment.count, first + count);
    return start < end ? [{ ...segment, first: start - first, count: end - start }] : [];
  });
}
