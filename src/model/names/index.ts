export { compileCaptures, compilePattern, PatternError } from './namePattern.js';
export { layerLabel, layerOf, parseTensorName, type TensorName } from './layerName.js';
export { proposePrefixMap, unusedRuleFinding, applyPrefixMap, type PrefixRule } from './prefixMap.js';
export { isComputedName } from './computedName.js';
export { leafOf, memberOf, moduleOf } from './segments.js';
export { unwrapName } from './wrappers.js';
