/** A checkpoint's own tokenizer: ids as the Rust library gives them, and the bytes that tokens stand for. */
export { loadTokenizer, type TokenizerFiles } from './loadTokenizer.js';
export { spellingFindings, type EncodedText } from './spellingFindings.js';
export { tokenByteLengths } from './tokenByteLengths.js';
export type { Tokenizer } from './tokenizer.js';
