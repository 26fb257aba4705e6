import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openModel } from '../../../src/model/index.js';
import { diffVectorFacts, verify } from '../../../src/combine/index.js';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { chooseInExplorer, diffResult, showExplorer, showModelVersions } from '../support/actions.js';
import { writeLargeFamily } from '../support/familyFolder.js';
import {
  answerStep,
  cancelJob,
  chooseModels,
  chooseRow,
  dismissNotifications,
  goBack,
  isBegun,
  notificationButton,
  page,
  stepTitle,
} from '../support/transferActions.js';
import { makeWorkspace } from '../support/workspace.js';

describe('Transfer', () => {
  let window: VscodeWindow;
  let workspace: string;

  before(async () => {
    workspace = await makeWorkspace();
    await writeLargeFamily(workspace);
    window = await launchVscode({ workspace, extensionPath: projectRoot, theme: 'light' });
    await showModelVersions(window);
    await row('base-1').waitFor();
  });

  after(() => window.close());

  const row = (text: string) => window.sideBarRows().filter({ hasText: text }).first();
  const output = (): string => join(workspace, 'samples', 'base-2+finetuned-1');
  const large = (): string => join(workspace, 'big-target+big-tuned');

  async function planLarge(): Promise<void> {
    await window.runCommand('Model Rebase: Transfer Fine-tuning…');
    await chooseModels(window, ['big-tuned', 'big-base', 'big-target']);
    await answerStep(window, 'Scale λ of the difference');
    await answerStep(window, 'Folder to be made', large());
  }

  it('guesses the parts of three selected folders and says so', async () => {
    await showExplorer(window);
    await window.explorerRow('samples').click();
    await chooseInExplorer(window, ['base-2', 'base-1', 'finetuned-1'], 'Transfer Fine-tuning…');
    await stepTitle(window, '(1/4)').waitFor();
    for (const text of ['Fine-tuned: finetuned-1', 'Base: base-1', 'Target: base-2'])
      await window.quickPickRows().filter({ hasText: text }).waitFor();
    await window.page.waitForTimeout(300);
    await window.screenshot('transfer-roles');
    await window.page.keyboard.press('Escape');
    await showModelVersions(window);
  });

  it('asks step by step, and goes back', async () => {
    await window.runCommand('Model Rebase: Transfer Fine-tuning…');
    await stepTitle(window, '(1/6)').waitFor();
    await window.page.waitForTimeout(400);
    await window.screenshot('transfer-pick');
    await chooseModels(window, ['finetuned-1', 'base-1', 'base-2']);
    await answerStep(window, 'Scale λ of the difference', 'much');
    await window.page.getByText('A scale is a number').waitFor();
    await goBack(window);
    await stepTitle(window, '(3/6)').waitFor();
    await chooseRow(window, 'base-2');
    await answerStep(window, 'Scale λ of the difference', '1');
  });

  it('refuses a folder that exists', async () => {
    await answerStep(window, 'Folder to be made', join(workspace, 'samples', 'base-1'));
    await window.page.getByText('base-1 exists already').waitFor();
    await window.screenshot('transfer-refused');
    await answerStep(window, 'base-1 exists already', output());
  });

  it('shows the plan before anything is written', async () => {
    const plan = await page(window, 'Plan of a combination');
    assert.match(await plan.locator('body').innerText(), /target \+ 1\.0·\(finetuned − base\)[^]*57/);
    assert.deepEqual(readdirSync(join(workspace, 'samples')).sort(), ['base-1', 'base-2', 'finetuned-1', 'unrelated']);
    await window.page.mouse.move(700, 700);
    await window.page.waitForTimeout(900);
    await window.screenshot('transfer-plan');
  });

  it('changes what was decided from the plan', async () => {
    await chooseRow(window, 'Change…');
    await chooseRow(window, 'Scale');
    await answerStep(window, 'Scale λ of the difference', '0.5');
    await chooseRow(window, 'Go On');
    await page(window, 'target + 0.5·(finetuned − base)');
  });

  it('chooses tensors, their scales and how they are stored', async () => {
    const change = async (item: string, prompt: string, text: string) => {
      await chooseRow(window, item);
      await answerStep(window, prompt, text);
    };
    await chooseRow(window, 'Change…');
    await change('Scales by Tensor', 'Scales of tensors by name', 'model.layers.0.*=much');
    await answerStep(window, 'model.layers.0.*=much', 'model.layers.0.*=0.25');
    await change('Without Tensors', 'take no part', 'lm_head.*');
    await chooseRow(window, 'Data Type');
    await chooseRow(window, 'F32');
    await window.quickPickRows().filter({ hasText: 'model.layers.0.*: λ = 0.25' }).waitFor();
    await window.page.waitForTimeout(300);
    await window.screenshot('transfer-choices');
    await chooseRow(window, 'Go On');
    const plan = await page(window, 'lm_head.*');
    const text = await plan.locator('body').innerText();
    assert.match(text, /with dtype float32/);
    assert.match(text, /model\.layers\.0\.\*/);
    await chooseRow(window, 'Change…');
    await change('Scales by Tensor', 'Scales of tensors by name', '');
    await change('Without Tensors', 'take no part', '');
    await chooseRow(window, 'Data Type');
    await chooseRow(window, 'Default');
    await chooseRow(window, 'Go On');
    await page(window, '57');
  });

  it('writes the new version, shows its report and lists it', async () => {
    await chooseRow(window, 'Transfer');
    const report = await page(window, 'did not move');
    assert.match(await report.locator('body').innerText(), /base-2 \+ 0\.5·\(finetuned-1 − base-1\)[^]*layer 5/);
    await notificationButton(window, 'Diff with Target');
    await row('base-2 + 0.5·(finetuned-1 − base-1)').waitFor();
    await window.page.waitForTimeout(300);
    await window.screenshot('transfer-result');
    const { differences, deep, tensorCount } = await verify(output(), { deep: true });
    assert.deepEqual({ differences, deep, tensorCount }, { differences: [], deep: true, tensorCount: 57 });
  });

  it('diffs the new version with its target', async () => {
    await (await notificationButton(window, 'Diff with Target')).click();
    const panel = await diffResult(window);
    assert.match(await panel.locator('rebase-diff-header h1').innerText(), /base-2\s+base-2\+finetuned-1/);
    await window.closeEditors();
  });

  it('verifies from the tree', async () => {
    await row('base-2+finetuned-1').click({ button: 'right' });
    await window.chooseMenuItem('Verify Checkpoint…');
    await window.pick('Verify base-2+finetuned-1', 'Deep');
    await notificationButton(window, 'base-2+finetuned-1: 57 tensors and all files agree with its manifest and its inputs.');
    await dismissNotifications(window);
  });

  it('starts from the diff panel, which knows base and fine-tuned version', async () => {
    await window.runCommand('Model Rebase: Diff Two Models');
    await window.pick('Diff Two Models (1/2)', 'base-1');
    await window.pick('Diff Two Models (2/2)', 'finetuned-1');
    const panel = await diffResult(window);
    await panel.getByRole('button', { name: 'Transfer…' }).click();
    await stepTitle(window, '(1/5)').waitFor();
    await window.quickPickRows().filter({ hasText: 'Base: base-1' }).waitFor();
    await window.quickPickRows().filter({ hasText: 'Fine-tuned: finetuned-1' }).waitFor();
    await window.page.keyboard.press('Escape');
    await window.closeEditors();
  });

  it('saves a diff vector and transfers it', async () => {
    const vector = join(workspace, 'samples', 'finetuned-1-minus-base-1');
    await window.runCommand('Model Rebase: Save Diff Vector…');
    await window.pick('Save Diff Vector', 'finetuned-1');
    await stepTitle(window, '(2/').waitFor();
    await window.pick('Save Diff Vector', 'base-1');
    await answerStep(window, 'Folder to be made');
    await page(window, 'Plan of a diff vector');
    await window.pick('Save Diff Vector', 'Save Diff Vector');
    await page(window, 'A diff vector written by');
    assert.equal(diffVectorFacts(await openModel(vector))?.formula, 'finetuned − base');
    await dismissNotifications(window);
    await row('diff vector').waitFor();
    await row('finetuned-1-minus-base-1').click({ button: 'right' });
    await window.chooseMenuItem('Transfer to…');
    await chooseRow(window, 'base-2');
    await answerStep(window, 'Scale λ of the difference');
    await answerStep(window, 'Folder to be made');
    await page(window, 'target + delta');
    await chooseRow(window, 'Cancel');
  });

  it('is cancelled in the middle, and what is written is kept unless the user removes it', async () => {
    await planLarge();
    await chooseRow(window, 'Transfer');
    await cancelJob(window, large());
    const remove = await notificationButton(window, 'Remove What Is Written');
    await window.screenshot('transfer-cancel');
    assert.equal(await window.page.locator('.monaco-dialog-box').count(), 0);
    await window.page.keyboard.press('Enter');
    await window.page.keyboard.press('Space');
    await window.page.waitForTimeout(300);
    assert.ok(existsSync(`${large()}.partial`), 'keys that nobody asked for remove nothing');
    await remove.click();
    await window.waitUntil('the partial folder is gone', () => !existsSync(`${large()}.partial`));
    assert.ok(!existsSync(large()));
  });

  it('is cancelled, kept and resumed', async () => {
    await planLarge();
    await chooseRow(window, 'Transfer');
    await cancelJob(window, large());
    await notificationButton(window, 'Resume');
    assert.ok(isBegun(large()) && !existsSync(large()));
    await dismissNotifications(window);
    await planLarge();
    await window.quickPickRows().filter({ hasText: 'Start Again' }).waitFor();
    await chooseRow(window, 'Resume');
    await window.waitUntil('the output is whole', () => existsSync(join(large(), 'model-rebase.json')), 60_000);
    await window.waitUntil('nothing is left of the run', () => !existsSync(`${large()}.partial`));
    assert.deepEqual((await verify(large())).differences, []);
    rmSync(large(), { recursive: true });
    await window.closeEditors();
  });

  it('is shown in Model Versions while it is written and when it was cancelled, to be removed or resumed there', async () => {
    await planLarge();
    await chooseRow(window, 'Transfer');
    await row('being written').waitFor();
    await cancelJob(window, large());
    await row('unfinished').waitFor();
    await dismissNotifications(window);
    for (const theme of ['dark', 'light'] as const) {
      await window.setTheme(theme);
      await row('unfinished').hover();
      await window.page.waitForTimeout(400);
      await window.screenshot(`transfer-unfinished-${theme}`);
    }
    await row('unfinished').click({ button: 'right' });
    await window.chooseMenuItem('Remove…');
    await window.page.locator('.monaco-dialog-box').getByText('Remove what is written of big-target+big-tuned?').waitFor();
    await window.screenshot('transfer-remove');
    await window.page.keyboard.press('Escape');
    await row('unfinished').click({ button: 'right' });
    await window.chooseMenuItem('Resume');
    await page(window, 'Plan of a combination');
    await window.pick('Resume', 'Resume');
    await window.waitUntil('the output is whole', () => existsSync(join(large(), 'model-rebase.json')), 60_000);
    await row('unfinished').waitFor({ state: 'detached' });
    assert.deepEqual((await verify(large())).differences, []);
    rmSync(large(), { recursive: true });
    await dismissNotifications(window);
    await window.closeEditors();
  });

  it('is removed from Model Versions', async () => {
    await planLarge();
    await chooseRow(window, 'Transfer');
    await cancelJob(window, large());
    await row('unfinished').click({ button: 'right' });
    await window.chooseMenuItem('Remove…');
    await window.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Remove', exact: true }).click();
    await row('unfinished').waitFor({ state: 'detached' });
    assert.ok(!existsSync(`${large()}.partial`));
    await dismissNotifications(window);
    await window.closeEditors();
  });

  for (const theme of ['dark', 'high-contrast'] as const) {
    it(`wears the ${theme} theme`, async () => {
      await window.setTheme(theme);
      await window.runCommand('Model Rebase: Show How It Was Made');
      await window.pick('Show Report', 'base-2+finetuned-1');
      await page(window, 'did not move');
      await window.page.waitForTimeout(400);
      await window.screenshot(`transfer-result-${theme}`);
      await window.closeEditors();
    });
  }

  it('causes no error in any page', () => {
    assert.deepEqual(window.webviewErrors(), []);
  });
});

describe('Transfer in Restricted Mode', () => {
  let window: VscodeWindow;
  let workspace: string;

  before(async () => {
    workspace = await makeWorkspace();
    const settings = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' };
    window = await launchVscode({ workspace, extensionPath: projectRoot, theme: 'dark', settings });
  });

  after(() => window.close());

  it('reads and writes where the user says, without trust', async () => {
    await window.page.getByText('Restricted Mode').first().waitFor();
    await showModelVersions(window);
    await window.runCommand('Model Rebase: Transfer Fine-tuning…');
    await chooseModels(window, ['finetuned-1', 'base-1', 'base-2']);
    await answerStep(window, 'Scale λ of the difference');
    await answerStep(window, 'Folder to be made', join(workspace, 'carried'));
    await page(window, 'Plan of a combination');
    await window.screenshot('transfer-plan-dark');
    await chooseRow(window, 'Transfer');
    await page(window, 'did not move');
    assert.deepEqual((await verify(join(workspace, 'carried'), { deep: true })).differences, []);
  });
});
