import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { reportFromJson } from '../../../src/compare/report/index.js';
import { runFromJson, type ConnectivityRun, type LineRun } from '../../../src/connectivity/report/index.js';
import { jsonOf, mutated, type Json } from './support/mutate.js';
import { useReport } from './support/useReport.js';
import { useRun } from './support/useRun.js';

const folder = join(import.meta.dirname, '../../goldens/saved');

/** Damaged copies of each file; for a longer search: FUZZ=20000. */
const mutations = Number(process.env['FUZZ'] ?? 100);

/** Saved files as earlier versions of this program wrote them. */
function saved(suffix: string): Map<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith(suffix));
  assert.ok(names.length > 0);
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** How many of so many damaged documents are accepted; all of these are used for everything. */
function acceptedOf<T>(text: string, count: number, read: (text: string) => T, use: (value: T) => void): number {
  const document = JSON.parse(text) as Json;
  let accepted = 0;
  for (let seed = 0; seed < count; seed++) {
    const damaged = jsonOf(mutated(document, seed));
    let value: T;
    try {
      value = read(damaged);
    } catch (error) {
      assert.match((error as Error).message, /^The file .*(Run|Update|Expected)/s, `seed ${seed}: refused with ${String(error)}`);
      continue;
    }
    accepted++;
    try {
      use(value);
    } catch (error) {
      assert.fail(`seed ${seed}: accepted, and then ${(error as Error).stack ?? String(error)}`);
    }
  }
  return accepted;
}

describe('damaged reports of a comparison', () => {
  for (const [name, text] of saved('.modeldiff.json')) {
    it(`${name}: what is accepted can be drawn and exported`, () => {
      useReport(reportFromJson(text));
      assert.ok(acceptedOf(text, mutations, reportFromJson, useReport) > 10);
    });
  }
});

describe('damaged connectivity runs', () => {
  const files = saved('.connectivity.json');
  const overlays = [...files.values()].map((text) => runFromJson(text)).filter((run): run is LineRun => run.kind === 'line');
  const use = (run: ConnectivityRun): void => useRun(run, overlays.slice(0, 2));

  for (const [name, text] of files) {
    it(`${name}: what is accepted can be drawn and exported`, () => {
      use(runFromJson(text));
      assert.ok(acceptedOf(text, mutations, runFromJson, use) > 10);
    });
  }
});
