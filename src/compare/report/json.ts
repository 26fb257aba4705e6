import type { DiffReport } from './report.js';

/** Fields that hold a statistic: where a string in the JSON form stands for a number JSON cannot write. */
const numericFields = new Set(['normA', 'normB', 'normDelta', 'relativeChange', 'cosine', 'maxAbsDelta', 'meanDelta']);

/**
 * The JSON form of a report: what `diff --json` prints and `*.modeldiff.json` stores.
 * NaN and the infinities become the strings "NaN", "Infinity" and "-Infinity".
 */
export function reportToJson(report: DiffReport): string {
  return JSON.stringify(report, (_key, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value));
}

/**
 * Reads the JSON form of a report back.
 * @param source name of the file, for messages
 * @throws when the text is not a report, or one of a later version of the format
 */
export function reportFromJson(text: string, source = 'The file'): DiffReport {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text, (key, value: unknown) => (numericFields.has(key) && typeof value === 'string' ? Number(value) : value));
  } catch (error) {
    throw new Error(`${source} is not valid JSON (${messageOf(error)}). Run the diff again and save its report anew.`, { cause: error });
  }
  if (!isReport(parsed)) throw new Error(`${source} is not a model diff report. Expected "format": "model-rebase.diff" with "version": 1.`);
  return parsed;
}

/** Checks the marks and the parts every reader relies on, so that a wrong file fails here and not while it is drawn. */
function isReport(value: unknown): value is DiffReport {
  const report = value as Partial<DiffReport> | null;
  const marked = typeof report === 'object' && report?.format === 'model-rebase.diff' && (report.version as number) === 1;
  const lists = [report?.tensors, report?.layers, report?.modules, report?.findings, report?.prefixMap];
  const objects = [report?.a, report?.b, report?.engine, report?.summary];
  return marked && lists.every(Array.isArray) && objects.every((part) => typeof part === 'object' && (part as unknown) !== null);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
