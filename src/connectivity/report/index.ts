/** What a connectivity run found: plain types and pure functions over them. The panels import only this. */
export * from './run.js';
export type * from '../../evaluate/report/index.js';
