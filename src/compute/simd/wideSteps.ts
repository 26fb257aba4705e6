import { bitsOf, type Dtype } from '../../checkpoint/index.js';
import type { WeightedStep } from '../combination.js';
import * as at from './combineMemory.js';
import type { KernelExports } from './kernelModule.js';
import { Widener } from './widener.js';

/** Elements `[first, first + count)` of every input; inputs lie at `addresses`. */
export interface WideBlock {
  readonly dtypes: readonly Dtype[];
  readonly addresses: readonly number[];
  readonly first: number;
  readonly count: number;
}

/** Evaluates steps over inputs of any dtype in float64, in the scratch blocks of the combining kernels' memory. */
export class WideSteps {
  readonly #widener: Widener;

  constructor(
    memory: WebAssembly.Memory,
    private readonly kernels: KernelExports,
  ) {
    this.#widener = new Widener(memory, kernels);
  }

  /** Writes the sum of the steps to `at.sumAddress`, and of those behind the first to `at.deltaAddress` if it is wanted. */
  evaluate(steps: readonly WeightedStep[], block: WideBlock, wantsDelta: boolean): void {
    for (const [i, step] of steps.entries()) {
      this.widen(block, step.plus, at.plusAddress);
      if (step.minus !== null) this.widen(block, step.minus, at.minusAddress);
      this.#add(step, at.sumAddress, block.count, i === 0);
      if (wantsDelta && i > 0) this.#add(step, at.deltaAddress, block.count, i === 1);
    }
  }

  /** Writes the block's values of one input to `target`, as float64. */
  widen({ dtypes, addresses, first, count }: WideBlock, input: number, target: number): void {
    const dtype = dtypes[input]!;
    this.#widener.widen(dtype, addresses[input]! + (first * bitsOf(dtype)) / 8, target, count);
  }

  #add({ scale, minus }: WeightedStep, sum: number, count: number, isFirst: boolean): void {
    if (minus === null) this.kernels.addScaled(sum, at.plusAddress, count, scale, isFirst);
    else this.kernels.addScaledDifference(sum, at.plusAddress, at.minusAddress, count, scale, isFirst);
  }
}
