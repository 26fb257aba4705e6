/** Results that need not be computed again, by everything that they depend on. */
export type { Fact } from './canonicalJson.js';
export { defaultCacheFolder } from './defaultCacheFolder.js';
export { ResultCache } from './resultCache.js';
export {
  formerInputIdentity,
  inputIdentity,
  keyOf,
  resultKey,
  sequencesIdentity,
  weightsIdentity,
  type FileIdentities,
  type ResultFacts,
} from './resultKey.js';
