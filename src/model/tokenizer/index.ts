/** A checkpoint's own tokenizer: ids as the Rust library gives them, and the bytes that tokens stand for. */
export { bosChoices, flagFinding, leadOf, type BosChoice } from './bosToken.js';
export type { TokenizerFiles } from './loadTokenizer.js';
export type { TokenizerRoots } from './nameTokens.js';
export { isRebuilt, libraryClass, type ClassFacts } from './libraryClass.js';
export { byteLevelText } from './tokenBytes.js';
export { spellingFindings } from './spellingFindings.js';
export type { EncodedText, Tokenizer, TokenizerFacts } from './tokenizer.js';
export { TokenizerThread } from './tokenizerThread.js';
