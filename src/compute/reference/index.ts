/** Slow and plain: what values mean and what their statistics are. The oracle of both engines. */
export { decodeToFloat64 } from './decode.js';
export { referenceStatistics } from './statistics.js';
