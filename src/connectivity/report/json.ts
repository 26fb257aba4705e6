import { messageOf } from '../../base/errors.js';
import { DecodeError } from '../../base/json/decode.js';
import { isRecord, parseJsonText } from '../../base/json/record.js';
import { toJson } from '../../base/json/toJson.js';
import { decodeRun } from './decodeRun.js';
import type { ConnectivityRun } from './run.js';

/** The version of the format that `runFromJson` reads. */
const readVersion: ConnectivityRun['version'] = 1;

/** The JSON form of a run, as `*.connectivity.json` stores it; NaN and infinities are strings. */
export function runToJson(run: ConnectivityRun): string {
  return toJson(run);
}

/**
 * Reads the JSON form of a run back. What it gives can be drawn and exported.
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
  try {
    return decodeRun(parsed);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new Error(`${source} is a damaged connectivity run: ${error.message}. Run it again and save it anew.`, { cause: error });
  }
}

function parse(text: string, source: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    throw new Error(`${source} is not valid JSON (${messageOf(error)}). Run it again and save it anew.`, { cause: error });
  }
}
