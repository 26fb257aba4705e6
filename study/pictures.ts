/**
 * Exports the study's pictures from the connectivity panel, as a user would: `npx tsx study/pictures.ts [RESULTS]`.
 * RESULTS is a folder with runs of one seed (default: those of seed 1); the pictures go to docs/images/.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type ConnectivityRun, type LineRun, runFromJson } from '../src/connectivity/report/index.js';
import { callsOf, emitTo, Harness } from '../test/webview/harness/browser.js';
import type { FakeHost } from '../test/webview/harness/fakeHost.js';

declare const fakeHost: FakeHost;

const root = join(import.meta.dirname, '..');
const results = process.argv[2] ?? join(root, 'study', '.work', 'results', 'seed-1');

/** Names of the pictures, and the runs that they show: the first one, and others laid over it. */
const pictures: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'study-matrix': ['matrix'],
  'study-bases': ['bases-m3-m5', 'bases-m1-m5', 'bases-m5-other'],
  'study-transferred': ['transferred-m3-m5', 'transferred-m1-m5', 'transferred-other-m5'],
  'study-sweeps': ['sweep-m3-m5', 'sweep-m1-m5', 'sweep-other-m5'],
};

async function readRun(name: string): Promise<ConnectivityRun> {
  const path = join(results, `${name}.connectivity.json`);
  return runFromJson(await readFile(path, 'utf8'), path);
}

function asLine(run: ConnectivityRun): LineRun {
  if (run.kind !== 'line') throw new Error(`Only curves can be laid over others, and "${run.title}" is a ${run.kind}.`);
  return run;
}

/** The text of the SVG file that the panel exports for a run. */
async function exportSvg(page: Page, run: ConnectivityRun, overlays: readonly LineRun[]): Promise<string> {
  await emitTo(page, 'state', { title: run.title, run, activity: { kind: 'idle' }, overlays, live: false });
  await page.locator('svg.chart').waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Picture *.svg' }).click();
  await page.waitForFunction(() => fakeHost.calls.at(-1)?.method === 'exportPicture');
  const { params } = (await callsOf(page)).at(-1) ?? {};
  if (typeof params !== 'object' || params === null || !('text' in params) || typeof params.text !== 'string')
    throw new Error(`The panel exported no picture of "${run.title}".`);
  return params.text;
}

async function exportPicture(harness: Harness, name: string, [shown, ...overlaid]: readonly [string, ...string[]]): Promise<void> {
  const overlays = (await Promise.all(overlaid.map(readRun))).map(asLine);
  const page = await harness.open('connectivityPanel', { scenario: 'starting', theme: 'light', width: 1180, height: 760 });
  await writeFile(join(root, 'docs', 'images', `${name}.svg`), `${await exportSvg(page, await readRun(shown), overlays)}\n`);
  await page.close();
}

async function exportAll(): Promise<void> {
  const harness = await Harness.start();
  try {
    for (const [name, runs] of Object.entries(pictures)) await exportPicture(harness, name, runs);
  } finally {
    await harness.stop();
  }
}

exportAll().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
