import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../scripts/vscode/lifetime.js';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import { chooseInExplorer, diffResult, showExplorer, showModelVersions, tensorRow } from '../support/actions.js';
import { makeWorkspace, sampleModels } from '../support/workspace.js';

describe('First steps', () => {
  let window: VscodeWindow;
  let workspace: string;

  before(async () => {
    workspace = temporaryFolder('empty');
    window = await launchVscode({ workspace, extensionPath: projectRoot, theme: 'dark' });
  });

  after(() => window.close());

  it('welcomes in a workspace without checkpoints', async () => {
    await window.runCommand('Focus on Model Versions View');
    await window.page.getByText('No model checkpoints in this workspace').waitFor();
    await window.screenshot('welcome');
  });

  it('walks through in five steps', async () => {
    await window.runCommand('Welcome: Open Walkthrough');
    await window.type('Diff two versions of a model');
    for (const [title, name] of [
      ['Open models', 'open'],
      ['Look inside a version', 'inspect'],
      ['Diff two versions', 'diff'],
      ['Transfer a fine-tune', 'transfer'],
      ['See whether versions are connected', 'connectivity'],
    ] as const) {
      await window.page.locator('.getting-started-step', { hasText: title }).first().click();
      await window.page.locator('.getting-started-media svg, .getting-started-media img, .getting-started-media iframe').first().waitFor();
      await window.page.waitForTimeout(400);
      await window.screenshot(`walkthrough-${name}`);
    }
    await window.closeEditors();
  });

  it('copies the sample models and shows them', async () => {
    await window.runCommand('Model Rebase: Open Sample Models');
    await window.answerFileDialog(workspace);
    for (const name of sampleModels) await window.sideBarRows().filter({ hasText: name }).first().waitFor();
    assert.ok(existsSync(join(workspace, 'model-rebase-samples', 'base-2')));
  });
});

describe('Restricted Mode', () => {
  let window: VscodeWindow;

  before(async () => {
    window = await launchVscode({
      workspace: await makeWorkspace(),
      extensionPath: projectRoot,
      settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
    });
  });

  after(() => window.close());

  it('inspects and diffs without trust', async () => {
    await window.page.getByText('Restricted Mode').first().waitFor();
    await showModelVersions(window);
    await showExplorer(window);
    await chooseInExplorer(window, ['tiny-a', 'tiny-b'], 'Diff Selected Models');
    assert.match(await tensorRow(await diffResult(window), 'q_proj.weight'), /0\.125/);
    await window.screenshot('restricted-mode');
  });
});
