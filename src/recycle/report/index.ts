/** What lineages say, as plain types: all that a webview may know of them. */
export * from './advice.js';
export type * from './roundsReport.js';
export type * from './status.js';
