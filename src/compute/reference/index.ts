/** Slow and plain: what values mean and what their statistics are. The oracle of both engines. */
export { decodeToFloat64 } from './decode.js';
export { referenceStatistics } from './statistics.js';
export { referenceCombination, type Combined } from './combine.js';
export { encodeFromFloat64 } from './encode.js';
