/** What lineages say, as plain types: all that a webview may know of them. */
export * from './advice.js';
export { modelNames } from './modelNames.js';
export * from './roundsReport.js';
export type * from './status.js';
export { modelRoles, strategies, type ModelRole, type ReleaseState, type Strategy } from '../file/lineage.js';
