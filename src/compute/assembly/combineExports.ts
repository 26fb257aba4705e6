/** The exported kernels that combine: one per storage type. */
import { finishBlocks, transferBlocks } from './combine';
import { CHANGED, RESULT_END } from './combineLayout';
import { BFloat16, Float16 } from './widen';

export { addScaled, addScaledDifference } from './combineSteps';
export { finishFloat64 } from './combine';
export { countMasked16, countMasked32, countMasked64, countMasked8 } from './nonFinite';

/** Clears the results. Every call that writes adds to them. */
export function resetCombine(): void {
  memory.fill(CHANGED, 0, RESULT_END - CHANGED);
}

export function transferBF16(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64): void {
  transferBlocks<BFloat16>(target, plus, minus, out, count, scale);
}

export function transferF16(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64): void {
  transferBlocks<Float16>(target, plus, minus, out, count, scale);
}

export function transferF32(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64): void {
  transferBlocks<f32>(target, plus, minus, out, count, scale);
}

export function finishBF16(exact: usize, delta: usize, target: usize, out: usize, count: i32): void {
  finishBlocks<BFloat16>(exact, delta, target, out, count);
}

export function finishF16(exact: usize, delta: usize, target: usize, out: usize, count: i32): void {
  finishBlocks<Float16>(exact, delta, target, out, count);
}

export function finishF32(exact: usize, delta: usize, target: usize, out: usize, count: i32): void {
  finishBlocks<f32>(exact, delta, target, out, count);
}
