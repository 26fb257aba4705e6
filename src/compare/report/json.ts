import { messageOf } from '../../base/errors.js';
import { DecodeError } from '../../base/json/decode.js';
import { isRecord, parseJsonText } from '../../base/json/record.js';
import { toJson } from '../../base/json/toJson.js';
import { decodeReport } from './decodeReport.js';
import type { DiffReport } from './report.js';

/** The version of the format that `reportFromJson` reads. */
const readVersion: DiffReport['version'] = 1;

/** The JSON form of a report: what `diff --json` prints and `*.modeldiff.json` stores. */
export function reportToJson(report: DiffReport): string {
  return toJson(report);
}

/**
 * Reads the JSON form of a report back. What it gives can be drawn and exported.
 * @param source name of the file, for messages
 * @throws when the text is not a report, one of a later version of the format, or damaged
 */
export function reportFromJson(text: string, source = 'The file'): DiffReport {
  const parsed = parse(text, source);
  const { format, version } = isRecord(parsed) ? parsed : {};
  if (format !== 'model-rebase.diff')
    throw new Error(`${source} is not a model diff report. Expected "format": "model-rebase.diff" with "version": ${readVersion}.`);
  if (version !== readVersion) {
    throw new Error(
      `${source} is a model diff report of version ${JSON.stringify(version)}, this program reads version ${readVersion}. Update Model Rebase, or run the diff again.`,
    );
  }
  try {
    return decodeReport(parsed);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new Error(`${source} is a damaged model diff report: ${error.message}. Run the diff again and save its report anew.`, {
      cause: error,
    });
  }
}

function parse(text: string, source: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    throw new Error(`${source} is not valid JSON (${messageOf(error)}). Run the diff again and save its report anew.`, { cause: error });
  }
}
