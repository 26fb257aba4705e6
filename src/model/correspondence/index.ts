/** Which parameters of two models are each other's, whatever they are called and however they are cut and stacked. */
export { answerQuestion, correspond, headFacts, noHeadFacts, readAs, rearrangedAs } from './correspond.js';
export type * from './correspondence.js';
export { alternativesOf, subjectOf, type Alternative, type CorrespondenceFacts } from './openMatch.js';
export { compileRule, formatMapRule, MapRuleError, parseMapRule, type MapRule } from './mapRules.js';
