/** What a connectivity run found: plain types and pure functions over them. The panels import only this. */
export * from './broken.js';
export { runToCsv } from './csv.js';
export { formatEstimate, formatLoss, formatPosition, formatRecovered, formatRecoveredEstimate } from './format.js';
export { runFromJson, runToJson } from './json.js';
export * from './losses.js';
export { runToMarkdown } from './markdown.js';
export * from './run.js';
export { conclusionsOf, describeGeometry, verdictOf } from './sentences.js';
export { scoreCells, scoreTitles } from './scoreCells.js';
export { tablesOf, type Table } from './tables.js';
export { titleOf, type TitledRun } from './title.js';
export type * from '../../evaluate/report/index.js';
