/** What an evaluation found, as plain data. */
export * from './evaluateReport.js';
export * from './score.js';
