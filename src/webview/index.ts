/** The face of the webview room for the extension host: messages, their channel and the values they carry. */
export * from './channel.js';
export * from './checkpointSummary.js';
export type * from './connectivity/messages.js';
export { shownRun } from './connectivity/shownRun.js';
export * from './diffView.js';
export type * from './lineage/messages.js';
export * from './messages.js';
export { spansOf } from './model/histogram.js';
export { toTensorTable } from './tensorTable.js';
