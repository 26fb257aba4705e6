/** The exported kernels that form values: one per storage type. `rounded` tells whether they pass through that type. */
import { formCopy, formSums, formTransfer } from './form';
import { BFloat16, Float16 } from './widen';

export function formTransferBF16(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64, rounded: bool): i32 {
  if (rounded) return formTransfer<BFloat16, BFloat16>(target, plus, minus, out, count, scale);
  return formTransfer<BFloat16, f32>(target, plus, minus, out, count, scale);
}

export function formTransferF16(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64, rounded: bool): i32 {
  if (rounded) return formTransfer<Float16, Float16>(target, plus, minus, out, count, scale);
  return formTransfer<Float16, f32>(target, plus, minus, out, count, scale);
}

/** Rounded or not, a value of this type is rounded to float32 once. */
export function formTransferF32(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64): i32 {
  return formTransfer<f32, f32>(target, plus, minus, out, count, scale);
}

export function formCopyBF16(source: usize, out: usize, count: i32): i32 {
  return formCopy<BFloat16>(source, out, count);
}

export function formCopyF16(source: usize, out: usize, count: i32): i32 {
  return formCopy<Float16>(source, out, count);
}

export function formCopyF32(source: usize, out: usize, count: i32): i32 {
  return formCopy<f32>(source, out, count);
}

export function formSumsBF16(sums: usize, out: usize, count: i32): i32 {
  return formSums<BFloat16>(sums, out, count);
}

export function formSumsF16(sums: usize, out: usize, count: i32): i32 {
  return formSums<Float16>(sums, out, count);
}

export function formSumsF32(sums: usize, out: usize, count: i32): i32 {
  return formSums<f32>(sums, out, count);
}
