/** Plain report types and pure functions over them: all that a webview may know of a comparison. */
export * from './statistics.js';
export * from './report.js';
export * from './detail.js';
