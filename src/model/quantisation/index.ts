/** Weights that are stored as codes: one file for each scheme. */
export type { CodedGroup, CodedStorage, Scheme, SchemeId } from './scheme.js';
