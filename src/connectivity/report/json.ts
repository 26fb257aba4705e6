import { isRecord } from '../../base/json/record.js';
import { toJson } from '../../compare/report/json.js';
import { isRun } from './checkRun.js';
import type { ConnectivityRun } from './run.js';

/** The version of the format that `runFromJson` reads. */
const readVersion: ConnectivityRun['version'] = 1;

/** Strings that stand for numbers, in these fields and in lists; a model called "NaN" keeps its name. */
const nonFinite = new Set(['NaN', 'Infinity', '-Infinity']);
const numericFields = new Set([
  ...['loss', 'standardError', 'perplexity', 'bitsPerByte', 'accuracy', 'accuracyNormalised', 'standardErrorNormalised', 'value'],
  ...['height', 'gainOverOne', 'gainOverOneError', 'gainOverTarget', 'gainOverTargetError'],
  ...['sourceLoss', 'finetunedLoss', 'targetLoss', 'targetMinusBase', 'diffVector', 'cosine'],
]);

/** The JSON form of a run, as `*.connectivity.json` stores it; NaN and infinities are strings. */
export function runToJson(run: ConnectivityRun): string {
  return toJson(run);
}

/**
 * Reads the JSON form of a run back.
 * @param source name of the file, for messages
 * @throws when the text is not a run, one of another version of the format, or damaged
 */
export function runFromJson(text: string, source = 'The file'): ConnectivityRun {
  const parsed = parse(text, source);
  const { format, version } = isRecord(parsed) ? parsed : {};
  if (format !== 'model-rebase.connectivity')
    throw new Error(`${source} is not a connectivity run. Expected "format": "model-rebase.connectivity" with "version": ${readVersion}.`);
  if (version !== readVersion) {
    throw new Error(
      `${source} is a connectivity run of version ${JSON.stringify(version)}, this program reads version ${readVersion}. Update Model Rebase, or run it again.`,
    );
  }
  if (!isRun(parsed))
    throw new Error(`${source} is a connectivity run with parts missing or of the wrong kind. Run it again and save it anew.`);
  return parsed;
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => (standsForNumber(key, value) ? Number(value) : value));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${source} is not valid JSON (${reason}). Run it again and save it anew.`, { cause: error });
  }
}

/** In lists of text, which are patterns of tensor names, the keys are numbers as well, but no pattern is called NaN. */
function standsForNumber(key: string, value: unknown): boolean {
  return typeof value === 'string' && nonFinite.has(value) && (numericFields.has(key) || /^\d+$/.test(key));
}
