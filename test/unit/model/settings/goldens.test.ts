import { strict as assert } from 'node:assert';
import { compareSettings, formatDifference, readSettings } from '../../../../src/model/settings/index.js';
import { samples } from './samples.js';

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
