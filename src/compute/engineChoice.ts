/** What the user asks for; `auto` leaves it to a measurement. */
export type EnginePreference = 'auto' | 'simd' | 'gpu';

/** Which kernels computed the values, and why those. */
export interface EngineChoice {
  readonly name: 'simd' | 'gpu';
  /** E.g. `webgpu (some-gpu)` or `WebAssembly SIMD, 2 workers`. */
  readonly detail: string;
  /** One sentence: forced by the user, or what the measurement found. */
  readonly reason: string;
}
