import { bitsOf } from '../checkpoint/index.js';
import type { ChunkInput, ChunkSegment, OutputChunk } from './task.js';

/** Bytes of output that are worked on at once: small, so that inputs and output stay in a core's cache. */
const blockByteLength = 256 * 1024;

/** The parts of a chunk, in order, each of at most 256 KiB of output. */
export function* cutChunk(chunk: OutputChunk): Generator<OutputChunk> {
  const bits = bitsOf(chunk.dtype);
  for (let firstByte = 0; firstByte < chunk.byteLength; firstByte += blockByteLength) {
    const byteLength = Math.min(blockByteLength, chunk.byteLength - firstByte);
    const [first, count] = [(firstByte * 8) / bits, (byteLength * 8) / bits];
    yield {
      ...chunk,
      start: chunk.start + firstByte,
      byteLength,
      inputs: chunk.inputs.map((input) => cutInput(input, first, count)),
      segments: chunk.segments === null ? null : cutSegments(chunk.segments, first, count),
    };
  }
}

/** The part of the segments that lies in elements `[first, first + count)`, counted from there. */
export function cutSegments(segments: readonly ChunkSegment[], first: number, count: number): ChunkSegment[] {
  return segments.flatMap((segment) => {
    const start = Math.max(segment.first, first);
    const end = Math.min(segment.first + segment.count, first + count);
    return start < end ? [{ ...segment, first: start - first, count: end - start }] : [];
  });
}

function cutInput({ dtype, slices }: ChunkInput, first: number, count: number): ChunkInput {
  const [start, end] = [(first * bitsOf(dtype)) / 8, ((first + count) * bitsOf(dtype)) / 8];
  const parts = slices.flatMap(({ slice, at }) => {
    const from = Math.max(at, start);
    const to = Math.min(at + slice.byteLength, end);
    return from < to ? [{ at: from - start, slice: { ...slice, start: slice.start + from - at, byteLength: to - from } }] : [];
  });
  return { dtype, byteLength: end - start, slices: parts };
}
