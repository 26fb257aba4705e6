import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { diffResult, showExplorer, showModelVersions } from '../support/actions.js';
import { killHostProcess } from '../support/hostProcess.js';
import { makeWorkspace } from '../support/workspace.js';

const markup = '<img src=x onerror="document.title=`broken into`">';

describe('Model Versions', () => {
  let window: VscodeWindow;
  let workspace: string;

  before(async () => {
    workspace = await makeWorkspace();
    await writeSafetensors(join(workspace, 'markup.safetensors'), [{ name: markup, dtype: 'F32', shape: [1] }]);
    window = await launchVscode({ workspace, extensionPath: projectRoot, theme: 'light' });
  });

  after(() => window.close());

  const row = (text: string) => window.sideBarRows().filter({ hasText: text }).first();

  /** Expands a row with its arrow. A click that comes while the rows below still move may be lost: so look, and click again. */
  async function expand(text: string, child: string): Promise<void> {
    const isExpanded = async () => (await row(text).getAttribute('aria-expanded')) === 'true';
    for (let attempt = 0; attempt < 4 && !(await isExpanded()); attempt++) {
      await row(text).locator('.monaco-tl-twistie').click();
      await window.waitUntil(`${text} opens`, isExpanded, 3000).catch(() => undefined);
    }
    await row(child).waitFor();
  }

  it('shows the checkpoints of the workspace', async () => {
    await showModelVersions(window);
    assert.match(await row('tiny-a').innerText(), /tiny · 16 · F32 · 64 B/);
    assert.match(await row('base-1').innerText(), /llama · 1\.37M · BF16 · 2\.74 MB/);
    await row('broken').waitFor();
    assert.match(await row('markup').innerText(), /^markup\s*1 · F32 · 4 B/, 'a file by itself has its own name, not that of its folder');
  });

  it('tells checkpoints that are called alike by their folders, in rows and in tabs', async () => {
    for (const place of ['runs/a/checkpoint-10000', 'runs/a/checkpoint-500', 'runs/b/checkpoint-500'])
      cpSync(join(workspace, 'tiny-a'), join(workspace, place), { recursive: true });
    await row('runs/b').waitFor();
    const steps = window.sideBarRows().filter({ hasText: 'checkpoint-' });
    assert.deepEqual(
      (await steps.allInnerTexts()).map((text) => text.replace(/\s/g, '').replace(/·.*/, '')),
      ['checkpoint-500runs/a', 'checkpoint-10000runs/a', 'checkpoint-500runs/b'],
    );
    for (const nth of [0, 2]) {
      await steps.nth(nth).click({ button: 'right' });
      await window.chooseMenuItem('Open Checkpoint');
      await window.webview('rebase-grid');
    }
    await window.tab('a/checkpoint-500').waitFor();
    await window.tab('b/checkpoint-500').waitFor();
    await window.screenshot('model-versions-alike');
    await window.closeEditors();
    rmSync(join(workspace, 'runs'), { recursive: true });
    await steps.first().waitFor({ state: 'detached' });
  });

  it('opens with the keyboard down to a tensor', async () => {
    await expand('base-1', 'layer 0');
    await expand('layer 0', 'self_attn');
    await expand('self_attn', 'q_proj.weight');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await window.page.keyboard.press(key);
    assert.match(await window.focusedRow().innerText(), /q_proj\.weight\s*128 × 128 · BF16 · 32\.8 kB/);
    await window.screenshot('model-versions');
    await row('q_proj.weight').hover();
    await window.page.waitForTimeout(900);
    await window.screenshot('model-versions-tooltip');
  });

  it('filters and shows that it does', async () => {
    await window.runCommand('Model Rebase: Filter Model Versions');
    await window.type('gate_proj');
    await row('tiny-a').waitFor({ state: 'detached' });
    await window.page.locator('.sidebar').getByText('Showing names with “gate_proj”.').waitFor();
    await window.screenshot('model-versions-filtered');
    await window.runCommand('Model Rebase: Clear Filter');
    await row('tiny-a').waitFor();
  });

  it('copies a name', async () => {
    await row('tiny-a').click({ button: 'right' });
    await window.contextMenuItem('Copy Path').waitFor();
    await window.page.waitForTimeout(300);
    await window.screenshot('model-versions-menu');
    await window.chooseMenuItem('Copy Path');
    await window.waitUntil('the clipboard holds the path', async () => (await window.clipboard()).endsWith('tiny-a'));
  });

  it('diffs two checkpoints selected in the tree', async () => {
    await row('tiny-a').click();
    await row('tiny-b').click({ modifiers: ['Control'] });
    await row('tiny-b').click({ button: 'right' });
    await window.chooseMenuItem('Diff Selected Models');
    await diffResult(window);
    await window.tab('tiny-a ↔ tiny-b').waitFor();
    await window.closeEditors();
  });

  it('acts on the row under the pointer, whatever is selected, and asks for the other version', async () => {
    await row('tiny-a').click();
    await row('tiny-b').click({ modifiers: ['Control'] });
    await row('base-1').click({ button: 'right' });
    await window.chooseMenuItem('Diff Selected Models');
    await window.pick('Diff base-1 with', 'finetuned-1');
    await diffResult(window);
    await window.tab('base-1 ↔ finetuned-1').waitFor();
    await window.closeEditors();
  });

  it('diffs the row with a version that is asked for', async () => {
    await row('tiny-b').click();
    await row('tiny-b').click({ button: 'right' });
    await window.chooseMenuItem('Diff with…');
    await window.pick('Diff tiny-b with', 'tiny-a');
    await diffResult(window);
    await window.tab('tiny-b ↔ tiny-a').waitFor();
    await window.closeEditors();
  });

  it('opens a checkpoint with a click, which leaves the focus in the view and gives way to the next', async () => {
    await row('base-1').click();
    const panel = await window.webview('rebase-grid');
    await panel.getByText('LlamaForCausalLM').first().waitFor();
    assert.match(await window.focusedRow().innerText(), /^base-1/);
    await window.screenshot('checkpoint-folder');
    await row('base-2').click();
    await window.tab('base-2').waitFor();
    await window.tab('base-1').waitFor({ state: 'detached' });
    await window.closeEditors();
  });

  it('says once that the host process was killed, and shows every checkpoint all the same', async () => {
    await window.runCommand('Notifications: Clear All Notifications');
    const shown = await window.sideBarRows().allInnerTexts();
    const refreshing = window.runCommand('Model Rebase: Refresh Model Versions');
    await window.waitUntil('the host process is killed', () => killHostProcess());
    await refreshing;
    await window.runCommand('Notifications: Show Notifications');
    const messages = window.page.locator('.notifications-center .notification-list-item');
    await messages.filter({ hasText: 'was killed (SIGKILL). It is started again when it is needed.' }).waitFor();
    await window.waitUntil('every checkpoint is shown', async () => (await window.sideBarRows().allInnerTexts()).join() === shown.join());
    await window.screenshot('host-process-killed');
    assert.equal(await messages.count(), 1);
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('opens a file by double click, even with names like markup', async () => {
    await showExplorer(window);
    await window.explorerRow('markup.safetensors').dblclick();
    const panel = await window.webview('rebase-grid');
    await panel.getByText(markup).first().waitFor();
    assert.equal(await panel.locator('img').count(), 0);
    assert.equal(await panel.evaluate(() => document.title), 'markup');
    await window.screenshot('checkpoint-file');
    await window.closeEditors();
  });

  it('causes no error in any page', () => {
    assert.deepEqual(window.webviewErrors(), []);
  });
});
