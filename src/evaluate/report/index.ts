/** What an evaluation found, as plain data. */
export * from './choiceScore.js';
export * from './contrast.js';
export * from './evaluateReport.js';
export * from './lossScore.js';
export { ratioEstimate, type SampleEstimate } from './ratioEstimate.js';
export * from './score.js';
export * from './scoreDifference.js';
export * from './wilsonInterval.js';
