/** Slow and plain: what values mean and what their statistics are. The oracle of both engines. */
export { decodeToFloat64 } from './decode.js';
export { bfloat16, float16, float8E4M3, float8E5M2, valueOfBits } from './floatFormat.js';
export { referenceStatistics } from './statistics.js';
