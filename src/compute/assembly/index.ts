/** The WebAssembly kernels. Compiled by AssemblyScript to `dist/kernels.wasm`; called by `src/compute/simd/`. */
import { compareBlocks } from './blocks';
import { HISTOGRAMS, HISTOGRAMS_END, MAX_INDEX, RESULT_END, SUM_SQUARES_A } from './layout';
import { BFloat16, Float16, widenBooleans, widenFloat8, widenFloats, widenIntegers } from './widen';

export * from './combineExports';
export * from './formExports';
export { decodeQ4_0, decodeQ4_K, decodeQ5_K, decodeQ6_K, decodeQ8_0 } from './ggufBlocks';
export { addToHash, beginHash, endHash } from './xxh3';
export { compareExact } from './exact';
export { addGram, addToTriangle, isZero, turn } from './products';
export { widenBooleans, widenFloat8 };

/** Clears the results. Every compare call adds to them. */
export function reset(): void {
  memory.fill(SUM_SQUARES_A, 0, RESULT_END - SUM_SQUARES_A);
  memory.fill(HISTOGRAMS, 0, HISTOGRAMS_END - HISTOGRAMS);
  store<f64>(MAX_INDEX, -1);
}

export function compareBF16(a: usize, b: usize, count: i32): void {
  compareBlocks<BFloat16, BFloat16>(a, b, count);
}

export function compareF16(a: usize, b: usize, count: i32): void {
  compareBlocks<Float16, Float16>(a, b, count);
}

export function compareF32(a: usize, b: usize, count: i32): void {
  compareBlocks<f32, f32>(a, b, count);
}

export function compareBF16WithF16(a: usize, b: usize, count: i32): void {
  compareBlocks<BFloat16, Float16>(a, b, count);
}

export function compareBF16WithF32(a: usize, b: usize, count: i32): void {
  compareBlocks<BFloat16, f32>(a, b, count);
}

export function compareF16WithBF16(a: usize, b: usize, count: i32): void {
  compareBlocks<Float16, BFloat16>(a, b, count);
}

export function compareF16WithF32(a: usize, b: usize, count: i32): void {
  compareBlocks<Float16, f32>(a, b, count);
}

export function compareF32WithBF16(a: usize, b: usize, count: i32): void {
  compareBlocks<f32, BFloat16>(a, b, count);
}

export function compareF32WithF16(a: usize, b: usize, count: i32): void {
  compareBlocks<f32, Float16>(a, b, count);
}

export function widenBF16(source: usize, target: usize, count: i32): void {
  widenFloats<BFloat16>(source, target, count);
}

export function widenF16(source: usize, target: usize, count: i32): void {
  widenFloats<Float16>(source, target, count);
}

export function widenF32(source: usize, target: usize, count: i32): void {
  widenFloats<f32>(source, target, count);
}

export function widenI8(source: usize, target: usize, count: i32): void {
  widenIntegers<i8>(source, target, count);
}

export function widenU8(source: usize, target: usize, count: i32): void {
  widenIntegers<u8>(source, target, count);
}

export function widenI16(source: usize, target: usize, count: i32): void {
  widenIntegers<i16>(source, target, count);
}

export function widenU16(source: usize, target: usize, count: i32): void {
  widenIntegers<u16>(source, target, count);
}

export function widenI32(source: usize, target: usize, count: i32): void {
  widenIntegers<i32>(source, target, count);
}

export function widenU32(source: usize, target: usize, count: i32): void {
  widenIntegers<u32>(source, target, count);
}

export function widenI64(source: usize, target: usize, count: i32): void {
  widenIntegers<i64>(source, target, count);
}

export function widenU64(source: usize, target: usize, count: i32): void {
  widenIntegers<u64>(source, target, count);
}
