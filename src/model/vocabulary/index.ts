export { readTokenNames } from './tokenNames.js';
export { vocabularyPart } from './vocabularyTensor.js';
export { VocabularyReader, TokenizerVocabulary } from './tokenizerVocabulary.js';
export { alignByIndex } from './alignByIndex.js';
export { alignRows, alignTokens, type TokenAlignment } from './alignTokens.js';
export { isPlain, summarizeRows, type AlignedRow, type RowRun, type RowSummary } from './rowRuns.js';
export type { Contributor } from './classifyToken.js';
export { scanTokenizer } from './scanTokenizer.js';
