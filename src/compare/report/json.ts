import { tensorStatuses, type DiffReport, type TensorDiff } from './report.js';

/** The version of the format that `reportFromJson` reads. */
const readVersion: DiffReport['version'] = 1;

/** Fields that hold a statistic: where a string in the JSON form stands for a number JSON cannot write. */
const numericFields = new Set(['normA', 'normB', 'normDelta', 'relativeChange', 'cosine', 'maxAbsDelta', 'meanDelta']);

const noTensors = Object.fromEntries(tensorStatuses.map((status) => [status, 0]));

/** The JSON form of a report: what `diff --json` prints and `*.modeldiff.json` stores. */
export function reportToJson(report: DiffReport): string {
  return toJson(report);
}

/** Plain data as JSON; NaN and the infinities, which JSON cannot write, become the strings "NaN", "Infinity" and "-Infinity". */
export function toJson(data: object): string {
  return JSON.stringify(data, (_key, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value));
}

/**
 * Reads the JSON form of a report back.
 * @param source name of the file, for messages
 * @throws when the text is not a report, or one of a later version of the format
 */
export function reportFromJson(text: string, source = 'The file'): DiffReport {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text, revive);
  } catch (error) {
    throw new Error(`${source} is not valid JSON (${messageOf(error)}). Run the diff again and save its report anew.`, { cause: error });
  }
  const { format, version } = isObject(parsed) ? parsed : {};
  if (format !== 'model-rebase.diff')
    throw new Error(`${source} is not a model diff report. Expected "format": "model-rebase.diff" with "version": ${readVersion}.`);
  if (version !== readVersion) {
    throw new Error(
      `${source} is a model diff report of version ${JSON.stringify(version)}, this program reads version ${readVersion}. Update Model Rebase, or run the diff again.`,
    );
  }
  if (!isReport(parsed))
    throw new Error(
      `${source} is a model diff report with parts missing or of the wrong kind. Run the diff again and save its report anew.`,
    );
  return parsed;
}

/** Numbers that JSON cannot write, and statuses that came after the file was saved: no tensor in it has them. */
function revive(key: string, value: unknown): unknown {
  if (numericFields.has(key) && typeof value === 'string') return Number(value);
  return key === 'statuses' && isObject(value) ? { ...noTensors, ...value } : value;
}

/** Checks the parts every reader relies on, so that a damaged file fails here and not while it is drawn. */
function isReport(value: unknown): value is DiffReport {
  const report = value as Partial<Record<keyof DiffReport, unknown>>;
  const lists = [report.tensors, report.layers, report.modules, report.findings, report.prefixMap];
  const objects = [report.a, report.b, report.engine, report.summary];
  return (
    lists.every((list) => Array.isArray(list) && list.every(isObject)) &&
    objects.every(isObject) &&
    (report.tensors as unknown[]).every(isTensor)
  );
}

function isTensor(value: unknown): boolean {
  const { name, status, layer, module } = value as Partial<Record<keyof TensorDiff, unknown>>;
  return [name, layer, module].every((text) => typeof text === 'string') && tensorStatuses.some((known) => known === status);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
