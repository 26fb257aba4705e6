import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import { chooseInExplorer, diffResult, showExplorer, showModelVersions, tensorRow } from '../support/actions.js';
import { writeLargeModel } from '../support/largeModel.js';
import { makeWorkspace } from '../support/workspace.js';

const themes = ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const;

const query = 'model.layers.0.self_attn.q_proj.weight';

describe('Diff panel', () => {
  let window: VscodeWindow;
  let workspace: string;

  before(async () => {
    workspace = await makeWorkspace();
    window = await launchVscode({ workspace, extensionPath: projectRoot, theme: 'light' });
    await showModelVersions(window);
    await showExplorer(window);
  });

  after(() => window.close());

  it('opens for two folders selected in the Explorer and shows the numbers', async () => {
    await chooseInExplorer(window, ['tiny-a', 'tiny-b'], 'Diff Selected Models');
    const panel = await diffResult(window);
    const row = (await tensorRow(panel, query)).split(/\s*\n\s*|\t/);
    assert.ok(row.includes('changed') && row.includes('0.125'), row.join(' | '));
    assert.match(await tensorRow(panel, 'model.norm.weight'), /identical/);
    assert.match(await tensorRow(panel, 'model.layers.1.mlp.up_proj.weight'), /removed/);
    await window.closeEditors();
  });

  it('opens for a model selected before and another', async () => {
    await chooseInExplorer(window, ['tiny-b'], 'Select for Model Diff');
    await chooseInExplorer(window, ['tiny-a'], 'Diff with Selected Model');
    const panel = await diffResult(window);
    assert.match(await tensorRow(panel, 'model.layers.1.mlp.up_proj.weight'), /added/);
    await window.tab('tiny-b ↔ tiny-a').waitFor();
    await window.closeEditors();
  });

  it('offers nothing on folders and files that are no checkpoints', async () => {
    for (const name of ['samples', 'notes.md']) {
      await window.explorerRow(name).click({ button: 'right' });
      await window.contextMenuItem('Copy Path').waitFor();
      assert.equal(await window.contextMenuItem('Model Rebase').count(), 0, name);
      await window.page.keyboard.press('Escape');
    }
  });

  it('opens from the command palette', async () => {
    await window.runCommand('Model Rebase: Diff Two Models');
    await window.pick('Diff Two Models (1/2)', 'base-1');
    await window.pick('Diff Two Models (2/2)', 'finetuned-1');
    const panel = await diffResult(window);
    assert.match(await panel.locator('rebase-diff-header h1').innerText(), /base-1\s+finetuned-1/);
    assert.ok((await panel.locator('rebase-tensors-view [role=row]').count()) > 20);
  });

  for (const theme of themes) {
    it(`wears the ${theme} theme`, async () => {
      await window.setTheme(theme);
      const panel = await diffResult(window);
      const [ink, paper] = await panel.locator('body').evaluate((body) => {
        const style = getComputedStyle(body);
        return [style.getPropertyValue('--vscode-foreground'), style.getPropertyValue('--vscode-editor-background')];
      });
      assert.notEqual(ink, paper);
      await window.screenshot(`diff-${theme}`);
    });
  }

  it('shows one tensor in detail, reached with the keyboard', async () => {
    await window.setTheme('light');
    const panel = await diffResult(window);
    await panel.getByText('Tensors', { exact: true }).first().click();
    const table = panel.locator('rebase-tensors-view [role=grid]');
    await table.press('ArrowDown');
    await table.press('Enter');
    await panel.locator('rebase-tensor-detail').waitFor();
    await panel.locator('rebase-changed-rows').waitFor();
    await window.page.waitForTimeout(300);
    await window.screenshot('diff-tensor');
  });

  it('compares config.json in the editor of VS Code', async () => {
    const panel = await diffResult(window);
    await panel.getByRole('button', { name: 'Compare Files' }).click();
    await panel.getByText('config.json', { exact: true }).first().click();
    await window.tab('config.json').waitFor();
    await window.page.locator('.monaco-diff-editor').waitFor();
    await window.screenshot('diff-config');
    await window.runCommand('View: Close Editor');
  });

  it('saves a report that reopens in the panel', async () => {
    const panel = await diffResult(window);
    await panel.getByRole('button', { name: 'Export' }).click();
    await panel.getByText('Model diff', { exact: true }).click();
    const saved = join(workspace, 'saved.modeldiff.json');
    await window.answerFileDialog(saved);
    await window.waitUntil('the report is written', () => existsSync(saved));
    const report = JSON.parse(readFileSync(saved, 'utf8')) as { format: string; tensors: readonly unknown[] };
    assert.equal(report.format, 'model-rebase.diff');
    assert.equal(report.tensors.length, 57);
    await window.closeEditors();
    await window.explorerRow('saved.modeldiff.json').dblclick();
    const reopened = await diffResult(window);
    assert.match(await reopened.locator('rebase-diff-header h1').innerText(), /base-1\s+finetuned-1/);
    await window.closeEditors();
  });

  it('comes back after a reload with the same result', async () => {
    await chooseInExplorer(window, ['tiny-a', 'tiny-b'], 'Diff Selected Models');
    const before = await tensorRow(await diffResult(window), query);
    await window.reload();
    const panel = await diffResult(window);
    assert.equal(await tensorRow(panel, query), before);
    await window.tab('tiny-a ↔ tiny-b').waitFor();
    await window.closeEditors();
  });

  it('shows progress, in the panel and as a notification, and can be cancelled', async () => {
    for (const name of ['old', 'new']) writeLargeModel(join(workspace, 'large', `${name}.safetensors`));
    await window.runCommand('Model Rebase: Refresh Model Versions');
    await window.runCommand('Model Rebase: Diff Two Models');
    await window.pick('Diff Two Models (1/2)', 'old');
    await window.pick('Diff Two Models (2/2)', 'new');
    const panel = await window.webview('.running');
    await panel.getByText(/ of 48\.0 GB/).waitFor();
    await window.runCommand('Notifications: Show Notifications');
    const notification = window.page.locator('.notifications-center .notification-list-item', { hasText: 'of 48.0 GB' });
    await notification.waitFor();
    await window.screenshot('diff-running');
    await notification.getByText('Cancel').click();
    await panel
      .getByText(/cancelled/i)
      .first()
      .waitFor();
    await notification.waitFor({ state: 'detached' });
    rmSync(join(workspace, 'large'), { recursive: true });
    await window.closeEditors();
  });

  it('says what is wrong with a broken model', async () => {
    await chooseInExplorer(window, ['tiny-a', 'broken'], 'Diff Selected Models');
    const panel = await window.webview('rebase-job-status .failed');
    assert.match(await panel.locator('.failed').innerText(), /broken.model\.safetensors/);
    await window.screenshot('diff-failed');
    await window.closeEditors();
  });

  it('causes no error in any page', () => {
    assert.deepEqual(window.webviewErrors(), []);
  });
});
