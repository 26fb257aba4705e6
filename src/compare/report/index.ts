/** Plain report types and pure functions over them: all that a webview may know of a comparison. */
export { csvLine, reportToCsv } from './csv.js';
export * from './detail.js';
export { decodeFinding } from './decodeReport.js';
export { reportFromJson, reportToJson } from './json.js';
export { byRelativeChange, reportToMarkdown } from './markdown.js';
export * from './report.js';
export * from './statistics.js';
export {
  countDifferences,
  describeCoverage,
  describeIdentity,
  describeStatuses,
  matchReasons,
  verdictOf,
  type Verdict,
} from './structure.js';
