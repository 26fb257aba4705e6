import type { AffineRecipe, BlockwiseRecipe, RoundedDtype } from '../../model/recipe/index.js';
import { roundSingles } from './roundTo.js';

/** What is done to the entries of a table: `blockwise` with the factor of a block. */
export type EntryStep = Pick<AffineRecipe, 'kind' | 'scale' | 'shift'> | Pick<BlockwiseRecipe, 'kind' | 'operation'>;

/** Makes the table of a block. */
export interface BlockTable {
  readonly values: Float32Array;
  /** @param factors one for each step; those of `affine` do not count */
  make(factors: Float64Array): void;
}

/**
 * A table of the values that codes have in a block: `base`, the steps in float64, rounded to float32 and from there to the dtype.
 * Blocks may be as small as twice the table, so the usual steps have a loop of their own.
 */
export function blockTable(base: Float64Array, steps: readonly EntryStep[], dtype: RoundedDtype): BlockTable {
  const values = new Float32Array(base.length);
  const round = roundSingles(dtype, values);
  const fill = fillerOf(base, steps, values);
  return {
    values,
    make: (factors) => {
      fill(factors);
      round();
    },
  };
}

function fillerOf(base: Float64Array, steps: readonly EntryStep[], values: Float32Array): (factors: Float64Array) => void {
  const operations = steps.map((step) => (step.kind === 'affine' ? step.kind : step.operation)).join();
  if (operations === 'multiply')
    return (factors) => {
      const factor = factors[0]!;
      for (let i = 0; i < values.length; i++) values[i] = base[i]! * factor;
    };
  if (operations === 'subtract,multiply')
    return (factors) => {
      const [zero, factor] = [factors[0]!, factors[1]!];
      for (let i = 0; i < values.length; i++) values[i] = (base[i]! - zero) * factor;
    };
  const work = new Float64Array(base.length);
  return (factors) => {
    work.set(base);
    for (const [index, step] of steps.entries()) {
      if (step.kind === 'affine') applyAffine(work, step.scale, step.shift);
      else applyFactor(step.operation, work, factors[index]!);
    }
    values.set(work);
  };
}

function applyAffine(values: Float64Array, scale: number, shift: number): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * scale + shift;
}

function applyFactor(operation: BlockwiseRecipe['operation'], values: Float64Array, factor: number): void {
  switch (operation) {
    case 'multiply':
      for (let i = 0; i < values.length; i++) values[i]! *= factor;
      return;
    case 'divide':
      for (let i = 0; i < values.length; i++) values[i]! /= factor;
      return;
    case 'subtract':
      for (let i = 0; i < values.length; i++) values[i]! -= factor;
      return;
    case 'add':
      for (let i = 0; i < values.length; i++) values[i]! += factor;
      return;
    default:
      operation satisfies never;
  }
}
