import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parsePythonJson } from '../../../../src/base/json/pythonJson.js';
import type { SettingRecord } from '../../../../src/model/settings/index.js';

/** One configuration as transformers 4 and 5 save it, and a copy with a field changed (scripts/goldens/settings_goldens.py). */
export interface Sample {
  readonly family: string;
  readonly field: string;
  readonly four: SettingRecord;
  readonly five: SettingRecord;
  readonly changed: SettingRecord;
  /** Fields in which transformers 5 sees `four` and `changed` as different. */
  readonly differs: readonly string[];
}

const file = join(import.meta.dirname, '../../../goldens/settings.json.gz');

export const samples = parsePythonJson(gunzipSync(readFileSync(file)).toString()) as readonly Sample[];
