/** Results that need not be computed again, by everything that they depend on. */
export type { Fact } from './canonicalJson.js';
export { defaultCacheFolder } from './defaultCacheFolder.js';
export { ResultCache } from './resultCache.js';
export { inputIdentity, keyOf, resultKey, weightsIdentity, type ResultFacts } from './resultKey.js';
