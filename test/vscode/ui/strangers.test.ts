import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { compareCheckpoints, reportToJson, type DiffReport } from '../../../src/compare/index.js';
import { chooseEngine, WorkerPool } from '../../../src/compute/index.js';
import { runConnectivity, runToJson, type ConnectivityRun, type LineRequest } from '../../../src/connectivity/index.js';
import { defaultSettings, type OutsideCommand } from '../../../src/evaluate/index.js';
import { wholeModels } from '../../../src/extension/connectivity/curveDraft.js';
import { openModel } from '../../../src/model/index.js';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { diffResult, showExplorer, showModelVersions } from '../support/actions.js';
import { makeWorkspace } from '../support/workspace.js';

const scoringTime = 90_000;
const samples = join(projectRoot, 'samples');

async function diffOf(a: string, b: string): Promise<DiffReport> {
  const engine = await chooseEngine('simd', 1);
  const [versionA, versionB] = await Promise.all([openModel(a), openModel(b)]);
  return WorkerPool.use({ engine: engine.name, workers: 1 }, undefined, (pool) =>
    compareCheckpoints(versionA, versionB, { engine, pool, prefixMap: null }),
  );
}

/** The line between two samples, scored by a command. */
function lineBy(outside: OutsideCommand): Promise<ConnectivityRun> {
  const request: LineRequest = {
    kind: 'line',
    path: { kind: 'interpolate', a: 'a', b: 'b' },
    inputs: [
      { role: 'a', path: join(samples, 'base-1'), expect: 'checkpoint' },
      { role: 'b', path: join(samples, 'base-2'), expect: 'checkpoint' },
    ],
    grid: { from: 0, to: 1, points: 2, refine: 0 },
    geometry: false,
    previous: null,
    tasks: [],
    outside,
    choices: wholeModels,
    settings: defaultSettings,
  };
  return runConnectivity(request, {});
}

/** A command that scores by the length of the folder's name, and its line for the settings. */
function lengthCommand(folder: string): { readonly outside: OutsideCommand; readonly line: string } {
  const script = join(folder, 'score.cjs');
  writeFileSync(script, 'console.log(JSON.stringify({ size: process.argv[2].length }));');
  const outside = { command: ['node', script, '{model}'], value: 'size', higherIsBetter: true, timeoutSeconds: null };
  return { outside, line: outside.command.join(' ') };
}

describe('Files that name models elsewhere, in Restricted Mode', () => {
  let window: VscodeWindow;

  before(async () => {
    const workspace = await makeWorkspace();
    const report = await diffOf(join(samples, 'base-1'), join(samples, 'finetuned-1'));
    writeFileSync(join(workspace, 'strange.modeldiff.json'), reportToJson(report));
    const run = await lineBy(lengthCommand(workspace).outside);
    const title = '[Trust me](command:workbench.action.closeWindow)\u202e';
    writeFileSync(join(workspace, 'strange.connectivity.json'), runToJson({ ...run, title }));
    const releases = [{ name: 'v1', base: join(samples, 'base-1') }];
    const lineage = { format: 'model-rebase.lineage', version: 1, strategy: 'iterative', tasks: [], releases };
    writeFileSync(join(workspace, 'strange.lineage.json'), JSON.stringify(lineage));
    const settings = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' };
    window = await launchVscode({ workspace, extensionPath: projectRoot, settings });
    await window.page.getByText('Restricted Mode').first().waitFor();
    await showModelVersions(window);
  });

  after(() => window.close());

  const why = 'Restricted Mode does not look for what a file names';

  async function isKept(button: Locator): Promise<void> {
    await button.waitFor();
    assert.ok(await button.isDisabled());
    assert.ok((await button.getAttribute('title'))?.includes(why), (await button.getAttribute('title')) ?? 'no title');
  }

  it('shows a report and leaves the models alone', async () => {
    await showExplorer(window);
    await window.explorerRow('strange.modeldiff.json').dblclick();
    const panel = await diffResult(window);
    await isKept(panel.getByRole('button', { name: 'Transfer…' }));
    await isKept(panel.getByRole('button', { name: 'Compare again' }));
    await window.screenshot('restricted-report');
    await window.closeEditors();
  });

  it('shows a run with its name as text, and leaves the models alone', async () => {
    await window.explorerRow('strange.connectivity.json').dblclick();
    const panel = await window.webview('rebase-line-chart');
    await isKept(panel.getByRole('button', { name: 'Refine' }));
    await panel.getByText('\\u202e').first().waitFor();
    await window.screenshot('restricted-run');
    await window.closeEditors();
  });

  it('shows a lineage, and says what it did not look at', async () => {
    await showModelVersions(window);
    await window.page.locator('.sidebar .monaco-list-row', { hasText: 'lies outside this workspace' }).first().waitFor();
    await window.screenshot('restricted-lineage');
  });

  it('causes no error in any page', () => {
    assert.deepEqual(window.webviewErrors(), []);
  });
});

describe('A command that came with the workspace', () => {
  let window: VscodeWindow;

  before(async () => {
    const workspace = await makeWorkspace();
    const { outside, line } = lengthCommand(workspace);
    mkdirSync(join(workspace, '.vscode'));
    const settings = { 'modelRebase.scoring.outsideCommand': { command: line, value: outside.value } };
    writeFileSync(join(workspace, '.vscode', 'settings.json'), JSON.stringify(settings));
    writeFileSync(join(workspace, 'line.connectivity.json'), runToJson(await lineBy(outside)));
    window = await launchVscode({ workspace, extensionPath: projectRoot });
    await showModelVersions(window);
    await showExplorer(window);
  });

  after(() => window.close());

  const dialog = (): Locator => window.page.locator('.monaco-dialog-box');

  it('is shown before it runs for the first time, and runs only if the user wants it', async () => {
    await window.explorerRow('line.connectivity.json').dblclick();
    const panel = await window.webview('rebase-line-chart');
    const refine = panel.getByRole('button', { name: 'Refine' });
    await refine.click();
    await dialog().getByText('Run the command that this workspace’s settings bring?').waitFor();
    await dialog().getByText('score.cjs').first().waitFor();
    await window.screenshot('workspace-command');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await panel.getByText('was not allowed to run').first().waitFor();
    assert.equal(await panel.locator('.chart path.marker').count(), 2);
  });

  it('is asked about once', async () => {
    const panel = await window.webview('rebase-line-chart');
    const refine = panel.getByRole('button', { name: 'Refine' });
    const count = (): Promise<number> => panel.locator('.chart path.marker').count();
    await refine.click();
    await dialog().getByRole('button', { name: 'Run Command' }).click();
    await window.waitUntil('points came', async () => (await count()) > 2, scoringTime);
    await refine.and(panel.locator(':enabled')).waitFor({ timeout: scoringTime });
    const before = await count();
    await refine.click();
    await window.waitUntil('more points came', async () => (await count()) > before, scoringTime);
    assert.equal(await dialog().count(), 0);
  });
});
