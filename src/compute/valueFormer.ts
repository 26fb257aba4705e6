import { bitsOf } from '../checkpoint/index.js';
import type { WeightedStep } from './combination.js';
import type { SliceSource } from './sliceReader.js';
import { FormKernels } from './simd/index.js';
import type { ChunkInput, ChunkSegment, FormedValues, FormTask, LoadTask, ValuesToForm } from './task.js';

/**
 * A worker's part in evaluating combinations that are not written: it holds raw bytes of files in the kernels' memory,
 * and forms values of them into buffers of its tasks.
 */
export class ValueFormer {
  readonly #kernels = new FormKernels();
  #held: readonly ChunkInput[] = [];

  constructor(private readonly reader: SliceSource) {}

  /** Reads raw bytes, in place of those that were held. @returns the number of bytes read @throws FileReadError */
  load({ inputs }: LoadTask): number {
    const views = this.#kernels.hold(inputs.map(({ byteLength }) => byteLength));
    this.#held = inputs;
    return inputs.reduce((sum, input, i) => sum + this.#fill(input, views[i]!), 0);
  }

  form({ parts }: FormTask): FormedValues[] {
    return parts.map((part) => {
      const values = new Float32Array(part.into, 0, part.count);
      const nonFinite = part.segments.reduce((sum, segment) => sum + this.#formSegment(part, segment, values), 0);
      return { values: part.into, nonFinite };
    });
  }

  #fill({ slices }: ChunkInput, view: Uint8Array): number {
    const covered = slices.reduce((sum, { slice }) => sum + slice.byteLength, 0);
    if (covered < view.byteLength) view.fill(0);
    for (const { slice, at } of slices) this.reader.read(slice, view.subarray(at, at + slice.byteLength));
    return covered;
  }

  /** @returns how many values are not finite */
  #formSegment(part: ValuesToForm, segment: ChunkSegment, values: Float32Array): number {
    switch (segment.kind) {
      case 'combine':
        return this.#formSteps(part, segment.steps, segment, values);
      case 'copy':
        return this.#formSteps(part, [{ scale: 1, plus: segment.input, minus: null }], segment, values);
      case 'zeros':
        values.fill(0, segment.first, segment.first + segment.count);
        return 0;
    }
  }

  #formSteps(part: ValuesToForm, steps: readonly WeightedStep[], { first, count }: ChunkSegment, values: Float32Array): number {
    const dtypes = part.inputs.map((input) => this.#held[input]!.dtype);
    const storage = part.rounded ? part.storage : 'F32';
    let nonFinite = 0;
    for (let done = 0; done < count; done += FormKernels.blockLength) {
      const length = Math.min(FormKernels.blockLength, count - done);
      const starts = dtypes.map((dtype) => ((first + done) * bitsOf(dtype)) / 8);
      const formed = this.#kernels.form({ steps, dtypes, storage, count: length }, part.inputs, starts);
      values.set(formed.values, first + done);
      nonFinite += formed.nonFinite;
    }
    return nonFinite;
  }
}
