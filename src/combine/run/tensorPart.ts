import type { ChunkInput, ChunkSegment } from '../../compute/index.js';
import { cutSegments, joinSlices } from '../../compute/index.js';
import type { PlannedTensor } from '../plan.js';
import type { Computation } from './chunks.js';
import { sliceSource, viewSource } from './sliceSource.js';
import { treatmentOf } from './treatment.js';

/** Elements `[first, first + count)` of a tensor. */
export interface ElementRange {
  readonly first: number;
  readonly count: number;
}

/** Some elements of a planned tensor, one after the other: what has to be read for them and how they come about. */
export interface TensorPart {
  readonly inputs: readonly ChunkInput[];
  readonly segments: readonly ChunkSegment[];
  readonly count: number;
}

/** @param ranges ascending, in elements of the planned tensor; the part holds them without gaps */
export function partOf({ combination, inputs }: Computation, tensor: PlannedTensor, ranges: readonly ElementRange[]): TensorPart {
  const { runs, inputs: used } = treatmentOf(combination, tensor);
  const count = ranges.reduce((sum, range) => sum + range.count, 0);
  const views = used.map((index) => viewSource(tensor, inputs[index]!, index));
  return {
    count,
    inputs: views.map((view) => joinInputs(ranges.map(({ first, count: length }) => sliceSource(view, first, length)))),
    segments: runs === null ? [{ kind: 'copy', first: 0, count, input: 0 }] : segmentsOf(runs, ranges),
  };
}

/** Parts of one input behind each other; slices that also follow each other in the file become one. */
function joinInputs(parts: readonly ChunkInput[]): ChunkInput {
  const slices: ChunkInput['slices'][number][] = [];
  let byteLength = 0;
  for (const part of parts) {
    for (const { slice, at } of part.slices) {
      const last = slices.at(-1);
      const joined = last && last.at + last.slice.byteLength === byteLength + at ? joinSlices(last.slice, slice) : null;
      if (joined !== null) slices[slices.length - 1] = { slice: joined, at: last!.at };
      else slices.push({ slice, at: byteLength + at });
    }
    byteLength += part.byteLength;
  }
  return { dtype: parts[0]!.dtype, byteLength, slices };
}

function segmentsOf(runs: readonly ChunkSegment[], ranges: readonly ElementRange[]): ChunkSegment[] {
  let before = 0;
  return ranges.flatMap(({ first, count }) => {
    const segments = cutSegments(runs, first, count).map((segment) => ({ ...segment, first: segment.first + before }));
    before += count;
    return segments;
  });
}
