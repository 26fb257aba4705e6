import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { verify } from '../../../src/combine/index.js';
import { type LineRun, runFromJson } from '../../../src/connectivity/report/index.js';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { chooseInExplorer, showExplorer, showModelVersions } from '../support/actions.js';
import { answerStep, chooseRow, page, stepTitle } from '../support/transferActions.js';
import { makeWorkspace } from '../support/workspace.js';

/** Seconds of scoring on a busy machine. */
const scoringTime = 90_000;

describe('Connectivity', () => {
  let window: VscodeWindow;
  let workspace: string;

  before(async () => {
    workspace = await makeWorkspace();
    for (const text of ['english', 'french']) {
      cpSync(join(projectRoot, 'samples', 'text', `${text}.txt`), join(workspace, `${text}.txt`));
    }
    writeFileSync(join(workspace, 'empty.txt'), '');
    const settings = { 'modelRebase.scoring.window': 128, 'modelRebase.scoring.limit': 12 };
    window = await launchVscode({ workspace, extensionPath: projectRoot, theme: 'light', settings });
    await showModelVersions(window);
    await window.sideBarRows().filter({ hasText: 'base-1' }).first().waitFor();
  });

  after(() => window.close());

  const file = (name: string): string => join(workspace, name);

  /** Ticks task files in the list of tasks. */
  async function chooseTask(title: string, name: string): Promise<void> {
    await stepTitle(window, title).waitFor();
    const input = window.page.locator('.quick-input-widget:visible input.input');
    const box = window.quickPickRows().filter({ hasText: name }).locator('.monaco-custom-toggle, input[type=checkbox]').first();
    await window.waitUntil(`the list offers ${name}`, async () => {
      await input.fill(name);
      await window.page.waitForTimeout(300);
      return box.isVisible();
    });
    await window.quickPickRows().filter({ hasText: name }).first().click();
    await window.page.locator('.quick-input-widget:visible').getByText('1 Selected').waitFor();
    await input.press('Enter');
  }

  async function chooseTaskAndGrid(title: string, task: string, grid: string): Promise<void> {
    await chooseTask(title, task);
    await chooseRow(window, 'Other…', title);
    await answerStep(window, 'From, to and number of points', grid);
  }

  /** Starts the job from its plan, and waits for its points in the panel. */
  async function score(title: string, count: number): Promise<Frame> {
    await page(window, 'Plan:');
    await chooseRow(window, 'Score', title);
    const panel = await window.webview('rebase-line-chart', scoringTime);
    await scoredPoints(panel, count);
    return panel;
  }

  async function scoredPoints(panel: Frame, count: number): Promise<void> {
    await window.waitUntil(
      `${count} points are drawn`,
      async () => (await panel.locator('.chart path.marker').count()) === count,
      scoringTime,
    );
  }

  /** The line below the input box. */
  const problem = (): Locator => window.page.locator('.quick-input-widget:visible .quick-input-message');

  it('asks for a task again that cannot be scored on, and refuses grids that cannot', async () => {
    await showExplorer(window);
    await window.explorerRow('samples').click();
    await chooseInExplorer(window, ['base-1', 'base-2'], 'Interpolate…');
    await chooseTask('Interpolate', 'empty.txt');
    await chooseRow(window, '13 Points from −0.25 to 1.25', 'Interpolate');
    await window.page.locator('.quick-input-widget:visible input[placeholder^="empty.txt: it is empty"]').waitFor();
    await stepTitle(window, '(1/3)').waitFor();
    await window.page.waitForTimeout(300);
    await window.screenshot('connectivity-bad-task');
    await window.quickPickRows().filter({ hasText: 'empty.txt' }).first().click();
    await chooseTask('Interpolate', 'english.txt');
    await chooseRow(window, 'Other…', 'Interpolate');
    const input = window.page.locator('.quick-input-widget:visible input.input');
    await problem().getByText('From, to and number of points').waitFor();
    for (const [text, message] of [
      ['0 1 1000000', 'A line has 2 to 1000 points'],
      ['1 0 5', 'From has to be less than to'],
    ] as const) {
      await input.fill(text);
      await problem().getByText(message).waitFor();
    }
    await input.press('Escape');
  });

  it('asks for the way from one model to another, and shows what it costs', async () => {
    await chooseInExplorer(window, ['base-1', 'base-2'], 'Interpolate…');
    await chooseTaskAndGrid('Interpolate', 'english.txt', '0 1 5');
    const plan = await page(window, 'Plan:');
    assert.match(await plan.locator('body').innerText(), /base-1 ↔ base-2[^]*5 models to score[^]*english\.txt/);
    await window.page.waitForTimeout(700);
    await window.screenshot('connectivity-plan');
  });

  it('scores the points, with a verdict that promises nothing', async () => {
    await chooseRow(window, 'Score', 'Interpolate');
    const panel = await window.webview('rebase-line-chart', scoringTime);
    await scoredPoints(panel, 5);
    await panel.getByText('‖mₜ − mₛ‖').waitFor();
    const evidence = await panel.locator('rebase-evidence .sentences').innerText();
    assert.match(evidence, /No barrier measured on english[^]*By itself this does not say that a transfer works[^]*base-2\) is better/);
    await window.page.waitForTimeout(500);
    await window.screenshot('connectivity-curve');
  });

  it('scores the same models on a further text', async () => {
    const panel = await window.webview('rebase-line-chart');
    await panel.getByRole('button', { name: 'Add Task…' }).click();
    await window.answerFileDialog(file('french.txt'));
    await panel.locator('vscode-option', { hasText: 'french' }).waitFor({ state: 'attached', timeout: scoringTime });
    await panel.getByRole('button', { name: 'Refine' }).and(panel.locator(':enabled')).waitFor({ timeout: scoringTime });
    assert.equal(await panel.locator('.chart path.marker').count(), 5);
    await panel.getByRole('button', { name: 'Add Task…' }).click();
    await window.answerFileDialog(file('french.txt'));
    await window.runCommand('Notifications: Show Notifications');
    await window.page.locator('.notification-list-item', { hasText: 'french is among the tasks of this run already' }).waitFor();
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('comes back after a reload of the window', async () => {
    await window.reload();
    const panel = await window.webview('rebase-line-chart', 60_000);
    await scoredPoints(panel, 5);
    assert.equal(await panel.locator('vscode-option', { hasText: 'french' }).count(), 1);
  });

  it('notices that a model is gone and back', async () => {
    const panel = await window.webview('rebase-line-chart');
    const refine = panel.getByRole('button', { name: 'Refine' });
    await window.page.waitForTimeout(2000); // watching starts anew with the window
    renameSync(file('samples/base-2'), file('samples/away'));
    await refine.and(panel.locator(':disabled')).waitFor();
    renameSync(file('samples/away'), file('samples/base-2'));
    await refine.and(panel.locator(':enabled')).waitFor();
  });

  it('writes a chosen point as a checkpoint, through the plan', async () => {
    const panel = await window.webview('rebase-line-chart');
    const chart = panel.getByRole('slider');
    for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'Enter']) await chart.press(key);
    await panel.getByRole('button', { name: 'Write This Point as a Checkpoint…' }).click();
    await answerStep(window, 'Folder to be made', file('half'));
    await page(window, 'a + 0.5·(b − a)');
    await chooseRow(window, 'Write Checkpoint', 'Write Checkpoint');
    await window.waitUntil('the checkpoint is whole', () => existsSync(join(file('half'), 'model-rebase.json')), 30_000);
    const { differences, deep } = await verify(file('half'), { deep: true });
    assert.deepEqual({ differences, deep }, { differences: [], deep: true });
    await window.tab('Report of half').waitFor();
  });

  it('saves the run as a file that opens in the panel again', async () => {
    await window.page.locator('.tabs-container .tab[aria-label^="base-1 ↔ base-2"]').click();
    const panel = await window.webview('rebase-line-chart');
    await panel.getByRole('button', { name: 'Save Run…' }).click();
    await window.answerFileDialog(file('bases.connectivity.json'));
    await window.waitUntil('the file is written', () => existsSync(file('bases.connectivity.json')));
    const run = runFromJson(readFileSync(file('bases.connectivity.json'), 'utf8')) as LineRun;
    assert.deepEqual([run.points.length, run.tasks.map(({ name }) => name)], [5, ['english', 'french']]);
    await window.closeEditors();
    await showExplorer(window);
    await window.explorerRow('bases.connectivity.json').dblclick();
    const reopened = await window.webview('rebase-line-chart');
    await scoredPoints(reopened, 5);
    await window.closeEditors();
  });

  it('exports table and picture', async () => {
    await window.explorerRow('bases.connectivity.json').dblclick();
    const panel = await window.webview('rebase-line-chart');
    for (const [item, name] of [
      ['Picture *.png', 'bases.png'],
      ['Picture *.svg', 'bases.svg'],
      ['Table of scores', 'bases.csv'],
    ] as const) {
      await panel.getByRole('button', { name: 'Export' }).click();
      await panel.getByRole('menuitem', { name: item }).click();
      await window.answerFileDialog(file(name));
      await window.waitUntil(`${name} is written`, () => existsSync(file(name)) && statSync(file(name)).size > 0);
      await window.waitUntil('the dialog is gone', async () => (await window.page.locator('.quick-input-widget:visible').count()) === 0);
    }
    assert.deepEqual([...readFileSync(file('bases.png')).subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.match(readFileSync(file('bases.svg'), 'utf8'), /^<svg [^]*base-1 ↔ base-2[^]*<\/svg>$/);
    assert.match(readFileSync(file('bases.csv'), 'utf8'), /^alpha,model,formula,task,loss,/);
    await window.closeEditors();
  });

  it('sweeps the scale of a transfer whose parts it guesses', async () => {
    await chooseInExplorer(window, ['base-2', 'base-1', 'finetuned-1'], 'Sweep Transfer Scale…');
    for (const text of ['Fine-tuned: finetuned-1', 'Base: base-1', 'Target: base-2'])
      await window.quickPickRows().filter({ hasText: text }).waitFor();
    await chooseRow(window, 'Go On', 'Sweep Transfer Scale');
    await chooseTaskAndGrid('Sweep Transfer Scale', 'french.txt', '0 1.5 7');
    const panel = await score('Sweep Transfer Scale', 7);
    await panel.getByText('cos(Δₛ, mₜ − mₛ)').waitFor({ timeout: scoringTime });
    const [best] = await panel.locator('.fact').allInnerTexts();
    assert.match(best ?? '', /Best λ\s+(?:0\.75|1|1\.25)/);
    await window.page.waitForTimeout(500);
    await window.screenshot('connectivity-sweep');
    await window.closeEditors();
  });

  it('tells a model of another random start: a barrier, and a transfer that gives nothing', async () => {
    await chooseInExplorer(window, ['base-1', 'unrelated'], 'Interpolate…');
    await chooseTaskAndGrid('Interpolate', 'english.txt', '0 1 5');
    const line = await score('Interpolate', 5);
    await line.getByText('‖mₜ − mₛ‖').waitFor({ timeout: scoringTime });
    assert.match(await line.locator('rebase-evidence .sentences').innerText(), /Barrier on english: the loss rises above the chord/);
    await window.page.waitForTimeout(500);
    await window.screenshot('connectivity-barrier');
    await window.closeEditors();
    await chooseInExplorer(window, ['unrelated', 'base-1', 'finetuned-1'], 'Sweep Transfer Scale…');
    await window.quickPickRows().filter({ hasText: 'Target: unrelated' }).waitFor();
    await chooseRow(window, 'Go On', 'Sweep Transfer Scale');
    await chooseTaskAndGrid('Sweep Transfer Scale', 'french.txt', '0 1.5 7');
    const sweep = await score('Sweep Transfer Scale', 7);
    await sweep.getByText('cos(Δₛ, mₜ − mₛ)').waitFor({ timeout: scoringTime });
    assert.match(await sweep.locator('.fact').first().innerText(), /Best λ\s+0\b/);
    await window.page.waitForTimeout(500);
    await window.screenshot('connectivity-sweep-unrelated');
    await window.closeEditors();
  });

  it('comes back after a reload during its first scoring, and goes on', async () => {
    await chooseInExplorer(window, ['base-1', 'base-2'], 'Interpolate…');
    await chooseTaskAndGrid('Interpolate', 'french.txt', '0 1 600');
    await page(window, '600 models');
    await chooseRow(window, 'Score', 'Interpolate');
    await (await window.webview('rebase-activity-bar')).getByRole('button', { name: 'Cancel' }).waitFor();
    await window.reload();
    const panel = await window.webview('rebase-activity-bar', 60_000);
    await panel.getByRole('button', { name: 'Go On' }).click();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await panel
      .getByText('The run was cancelled. No point is complete yet. What was computed is kept: Go On continues from there.')
      .waitFor();
    await window.screenshot('connectivity-reloaded');
    await window.closeEditors();
  });

  it('offers to skip tensors that do not match', async () => {
    cpSync(file('samples/base-1'), file('samples/other'), { recursive: true });
    const weights = file('samples/other/model.safetensors');
    writeFileSync(weights, Buffer.from(readFileSync(weights, 'latin1').replace('[128,352]', '[176,256]'), 'latin1'));
    await window.explorerRow('other').waitFor();
    await chooseInExplorer(window, ['base-1', 'other'], 'Interpolate…');
    await chooseTaskAndGrid('Interpolate', 'french.txt', '0 1 3');
    await page(window, 'This cannot run');
    await window.page.waitForTimeout(300);
    await window.screenshot('connectivity-mismatch');
    await chooseRow(window, 'Skip Mismatched Tensors', 'Interpolate');
    await score('Interpolate', 3);
    await window.closeEditors();
  });

  it('fills a transfer matrix from a file', async () => {
    const versions = [
      { name: 'one', base: 'samples/base-1', finetuned: 'samples/finetuned-1' },
      { name: 'two', base: 'samples/base-2' },
    ];
    writeFileSync(file('samples.matrix.json'), JSON.stringify({ tasks: ['french.txt'], versions }));
    const row = window.explorerRow('samples.matrix.json');
    await window.waitUntil('the new file is listed, at the end of the Explorer', async () => {
      await window.page.locator('.explorer-folders-view .monaco-list').focus();
      await window.page.keyboard.press('End');
      return row.isVisible();
    });
    await row.click({ button: 'right' });
    await window.chooseOwnMenuItem('Transfer Matrix…');
    await page(window, 'Plan: Transfer matrix of one, two');
    await chooseRow(window, 'Score', 'Transfer Matrix');
    const panel = await window.webview('rebase-matrix-picture', scoringTime);
    await panel.locator('.chart rect.cell').nth(3).waitFor({ state: 'attached', timeout: scoringTime });
    assert.equal(await panel.locator('.chart rect.cell').count(), 4);
    await window.setTheme('dark');
    await window.page.waitForTimeout(400);
    await window.screenshot('connectivity-matrix-dark');
  });

  it('causes no error in any page', () => {
    assert.deepEqual(window.webviewErrors(), []);
  });
});
