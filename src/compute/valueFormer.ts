import { bitsOf } from '../checkpoint/index.js';
import type { WeightedStep } from './combination.js';
import { FormKernels } from './simd/index.js';
import type { ChunkSegment, FormInput, FormResult, FormTask } from './task.js';

/** Elements that are worked on at once: inputs and values stay in a core's second-level cache. */
const blockLength = 16 * 1024;

/** A worker's part in evaluating combinations that are not written: values go from shared memory to a buffer of the task. */
export class ValueFormer {
  readonly #kernels = new FormKernels();

  form(task: FormTask): FormResult {
    const values = new Float32Array(task.into, 0, task.count);
    const nonFinite = task.segments.reduce((sum, segment) => sum + this.#formSegment(task, segment, values), 0);
    return { values: task.into, nonFinite };
  }

  /** @returns how many values are not finite */
  #formSegment(task: FormTask, segment: ChunkSegment, values: Float32Array): number {
    switch (segment.kind) {
      case 'combine':
        return this.#formSteps(task, segment.steps, segment, values);
      case 'copy':
        return this.#formSteps(task, [{ scale: 1, plus: segment.input, minus: null }], segment, values);
      case 'zeros':
        values.fill(0, segment.first, segment.first + segment.count);
        return 0;
    }
  }

  #formSteps(task: FormTask, steps: readonly WeightedStep[], { first, count }: ChunkSegment, values: Float32Array): number {
    const sources = task.inputs.map((input, i) => (isUsed(i, steps) ? rawBytes(input, first, count) : new Uint8Array(0)));
    const sizes = task.inputs.map(({ dtype }, i) => (isUsed(i, steps) ? bitsOf(dtype) / 8 : 0));
    const arithmetic = { steps, dtypes: task.inputs.map(({ dtype }) => dtype), storage: task.rounded ? task.storage : 'F32' } as const;
    const block = this.#kernels.buffers(
      sizes.map((size) => size * Math.min(count, blockLength)),
      Math.min(count, blockLength),
    );
    let nonFinite = 0;
    for (let done = 0; done < count; done += blockLength) {
      const length = Math.min(blockLength, count - done);
      for (const [i, size] of sizes.entries()) block.inputs[i]!.set(sources[i]!.subarray(done * size, (done + length) * size));
      nonFinite += this.#kernels.form({ ...arithmetic, count: length });
      values.set(block.values.subarray(0, length), first + done);
    }
    return nonFinite;
  }
}

function isUsed(input: number, steps: readonly WeightedStep[]): boolean {
  return steps.some(({ plus, minus }) => plus === input || minus === input);
}

/** Elements `[first, first + count)` of an input. */
function rawBytes({ dtype, memory, start }: FormInput, first: number, count: number): Uint8Array {
  const size = bitsOf(dtype) / 8;
  return new Uint8Array(memory, start + first * size, count * size);
}
