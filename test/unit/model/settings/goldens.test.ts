import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parsePythonJson } from '../../../../src/base/json/pythonJson.js';
import { compareSettings, formatDifference, readSettings, type SettingRecord } from '../../../../src/model/settings/index.js';

/** One configuration as transformers 4 and 5 save it, and a copy with a field changed (scripts/goldens/settings_goldens.py). */
interface Sample {
  readonly family: string;
  readonly field: string;
  readonly four: SettingRecord;
  readonly five: SettingRecord;
  readonly changed: SettingRecord;
  /** Fields in which transformers 5 sees `four` and `changed` as different. */
  readonly differs: readonly string[];
}

const file = join(import.meta.dirname, '../../../goldens/settings.json.gz');
const samples = parsePythonJson(gunzipSync(readFileSync(file)).toString()) as readonly Sample[];

describe('settings of a config.json', () => {
  for (const family of new Set(samples.map((sample) => sample.family))) {
    it(`mean the same in both spellings: ${family}`, () => {
      for (const { four, five } of samples.filter((sample) => sample.family === family))
        assert.deepEqual(compareSettings(readSettings(four), readSettings(five)).map(formatDifference), []);
    });

    it(`differ where the library says so: ${family}`, () => {
      for (const { four, five, changed, differs, field } of samples.filter((sample) => sample.family === family)) {
        for (const spelling of [four, five]) {
          const found = compareSettings(readSettings(spelling), readSettings(changed)).map(({ name }) => name.split('.')[0]!);
          assert.deepEqual([...new Set(found)].sort(), differs, `${field} of ${JSON.stringify(four)} and ${JSON.stringify(changed)}`);
        }
      }
    });
  }
});
