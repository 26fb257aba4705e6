/** Weights that are stored as codes: one file for each scheme. */
export { codesOf, describeCoding, groupCodings } from './describe.js';
export { quantisationFindings } from './quantisationFindings.js';
export { isDescription, recogniseCodes, type Recognition } from './recognise.js';
export type { CodedGroup, CodedStorage, CodedWeight, Coding, ScaleBlock, Scheme, SchemeId } from './scheme.js';
export { quantisingCommand } from './quantising.js';
export { decodingRemedy } from './remedy.js';
export { readStatement, statingFields, type QuantisationStatement } from './statement.js';
export { isActivationScale } from './unknownCodes.js';
