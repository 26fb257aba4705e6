import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { parseLineage } from '../../../src/recycle/index.js';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { showModelVersions } from '../support/actions.js';
import { answerStep, dismissNotifications, notificationButton, page, stepTitle } from '../support/transferActions.js';
import { makeWorkspace } from '../support/workspace.js';

/** Seconds of scoring on a busy machine. */
const scoringTime = 120_000;

/** "Trains" by waiting for a file and copying the start. */
const trainer = `import { cpSync, existsSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
const [start, out, signal] = process.argv.slice(2);
console.log('waiting');
while (!existsSync(signal)) await setTimeout(50);
cpSync(start, out, { recursive: true });
rmSync(out + '/model-rebase.json', { force: true });
console.log('trained');
`;

function makeLineageWorkspace(folder: string): string {
  cpSync(join(projectRoot, 'samples', 'text', 'french.txt'), join(folder, 'french.txt'));
  writeFileSync(join(folder, 'train.mjs'), trainer);
  return folder;
}

describe('Lineage', () => {
  let window: VscodeWindow;
  let workspace: string;

  before(async () => {
    workspace = makeLineageWorkspace(await makeWorkspace());
    window = await launchVscode({ workspace, extensionPath: projectRoot, theme: 'light' });
    await showModelVersions(window);
    await window.sideBarRows().filter({ hasText: 'base-1' }).first().waitFor();
  });

  after(() => window.close());

  const file = (name: string): string => join(workspace, name);
  const read = () => parseLineage(readFileSync(file('fr.lineage.json'), 'utf8'), 'fr.lineage.json');
  const row = (text: RegExp | string): Locator => window.page.locator('.sidebar .monaco-list-row[role=treeitem]').filter({ hasText: text });

  async function command(title: string): Promise<void> {
    await window.runCommand(`Model Rebase: ${title}`);
  }

  /** Hovers over a row and clicks one of its buttons. */
  async function clickInline(text: RegExp | string, label: string): Promise<void> {
    await row(text).first().hover();
    await row(text).first().locator(`.action-label[aria-label^="${label}"]`).click();
  }

  async function chooseTask(): Promise<void> {
    await stepTitle(window, '(2/4)').waitFor();
    const input = window.page.locator('.quick-input-widget:visible input.input');
    await input.fill('french');
    await window.quickPickRows().filter({ hasText: 'french.txt' }).first().click();
    await window.page.locator('.quick-input-widget:visible').getByText('1 Selected').waitFor();
    await input.press('Enter');
  }

  it('invites in a workspace without lineages', async () => {
    await window.page.getByText('A lineage follows base releases').waitFor();
    await window.screenshot('lineage-welcome');
  });

  it('begins one, step by step', async () => {
    await command('New Lineage…');
    await window.pick('New Lineage', 'Iterative');
    await chooseTask();
    await answerStep(window, 'Your fine-tuning command', `${process.execPath} train.mjs {start} {out} go`);
    await answerStep(window, 'The lineage’s file', file('fr.lineage.json'));
    await row('fr').first().waitFor();
    assert.deepEqual(read().tasks, ['french.txt']);
    assert.deepEqual(read().command, [process.execPath, 'train.mjs', '{start}', '{out}', 'go']);
    await window.tab('fr.lineage.json').waitFor();
  });

  it('completes and checks its file in the text editor', async () => {
    const editor = window.page.locator('.editor-instance .monaco-editor').first();
    await editor.getByText('iterative').dblclick();
    await window.page.keyboard.press('Delete');
    await window.page.keyboard.press('Control+Space');
    const suggestions = window.page.locator('.suggest-widget.visible .monaco-list-row');
    await suggestions.filter({ hasText: 'direct' }).first().waitFor();
    await window.screenshot('lineage-completion');
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.type('sideways');
    await editor.locator('.squiggly-warning, .squiggly-error').first().waitFor();
    await window.runCommand('File: Revert File');
    await window.closeEditors();
  });

  it('adds releases, of which the first has its fine-tune', async () => {
    const written = JSON.parse(readFileSync(file('fr.lineage.json'), 'utf8')) as object;
    writeFileSync(file('fr.lineage.json'), JSON.stringify({ ...written, scoring: { window: 128, limit: 12 } }, null, 2));
    for (const [name, base, finetuned] of [
      ['v1', 'base-1', 'finetuned-1'],
      ['v2', 'base-2', 'None Yet'],
    ] as const) {
      await command('Add Base Release…');
      await window.pick('Add Base Release', base);
      await answerStep(window, 'A short name for the release', name);
      await window.pick('Add Base Release', finetuned);
      await row(new RegExp(`^${name}`))
        .first()
        .waitFor();
    }
    await row(/v1\s*fine-tuned/)
      .first()
      .waitFor();
    await row(/v2\s*base only/)
      .first()
      .waitFor();
    assert.deepEqual(
      read().releases.map(({ name, state }) => [name, state]),
      [
        ['v1', 'finetuned'],
        ['v2', 'new'],
      ],
    );
  });

  it('shows what speaks for the next round, and writes its start', async () => {
    await clickInline(/v2\s*base only/, 'Prepare Next Round');
    const shown = await page(window, 'Advice');
    const text = await shown.locator('body').innerText();
    assert.match(
      text,
      /fr: the round of v2[^]*base\(v2\) \+ \(finetuned\(v1\) − base\(v1\)\)[^]*Advice: recycle[^]*On french[^]*Plan of a combination/,
    );
    await window.page.waitForTimeout(700);
    await window.screenshot('lineage-next-round');
    await window.pick('Prepare Next Round', 'Write the Start');
    await window.waitUntil('the start is written', () => existsSync(file('fr.rounds/v2/start/model-rebase.json')), scoringTime);
    await row(/v2\s*start written/)
      .first()
      .waitFor();
    await dismissNotifications(window);
  });

  it('fine-tunes in a terminal, and goes on when the window is reloaded', async () => {
    await clickInline(/v2\s*start written/, 'Run Fine-tuning');
    await row(/v2\s*in training/)
      .first()
      .waitFor({ timeout: 60_000 });
    await window.page.locator('.terminal-wrapper.active').first().waitFor();
    await window.page.waitForTimeout(500);
    await window.screenshot('lineage-training');
    await window.reload();
    await row(/v2\s*in training/)
      .first()
      .waitFor({ timeout: 60_000 });
    writeFileSync(file('go'), '');
    await row(/v2\s*fine-tuned · loss/)
      .first()
      .waitFor({ timeout: scoringTime });
    assert.deepEqual(
      read()
        .releases[1]!.scores.map(({ model }) => model)
        .sort(),
      ['base', 'finetuned', 'start'],
    );
    assert.match(readFileSync(file('fr.rounds/run.log'), 'utf8'), /waiting\n[^]*trained\n[^]*Next: Every release is fine-tuned/);
  });

  it('records a model that was trained elsewhere', async () => {
    cpSync(file('fr.rounds/v2/finetuned'), file('elsewhere'), { recursive: true });
    await command('Add Base Release…');
    await window.pick('Add Base Release', 'base-2');
    await answerStep(window, 'A short name for the release', 'v3');
    await window.pick('Add Base Release', 'None Yet');
    await row(/v3\s*base only/)
      .first()
      .waitFor();
    await clickInline(/v3\s*base only/, 'Record Fine-tuned Model…');
    await window.pick('Record Fine-tuned Model', 'elsewhere');
    await row(/v3\s*fine-tuned · loss/)
      .first()
      .waitFor({ timeout: scoringTime });
    assert.equal(read().releases[2]!.finetuned, 'elsewhere');
    await dismissNotifications(window);
  });

  it('compares rounds: scores over releases, norms and cosines of their diff vectors', async () => {
    await command('Compare Rounds');
    const panel = await window.webview('rebase-rounds-chart.scores svg.chart path.marker', 60_000);
    await panel.locator('rebase-rounds-chart.cosine svg.chart path.marker').first().waitFor({ state: 'attached' });
    await panel.getByRole('button', { name: 'Score All' }).click();
    const markers = panel.locator('rebase-rounds-chart.scores svg.chart path.marker');
    await window.waitUntil('every base, start and fine-tune is drawn', async () => (await markers.count()) === 7, scoringTime);
    if (await window.page.locator('.part.panel').isVisible()) await window.runCommand('View: Toggle Panel Visibility');
    await window.page.waitForTimeout(500);
    await window.screenshot('lineage-rounds');
    await panel.getByRole('button', { name: 'Show as table' }).click();
    const cells = await panel.locator('rebase-grid [role=row]').filter({ hasText: 'v3' }).locator('[role=gridcell]').allInnerTexts();
    assert.deepEqual([cells[0], cells[1], cells[7]], ['v3', 'iterative', '1']);
    await window.reload();
    const restored = await window.webview('rebase-score-table', 60_000);
    await restored.getByRole('button', { name: 'Show as table' }).click();
    await window.setTheme('dark');
    await window.page.waitForTimeout(400);
    await window.screenshot('lineage-rounds-dark');
    await window.closeEditors();
  });

  it('tells that a command failed, and keeps what is there', async () => {
    writeFileSync(file('fr.lineage.json'), readFileSync(file('fr.lineage.json'), 'utf8').replace('"train.mjs"', '"missing.mjs"'));
    await command('Add Base Release…');
    await window.pick('Add Base Release', 'base-1');
    await answerStep(window, 'A short name for the release', 'v4');
    await window.pick('Add Base Release', 'None Yet');
    await row(/v4\s*base only/)
      .first()
      .waitFor();
    await command('Run Fine-tuning');
    await row(/v4\s*interrupted/)
      .first()
      .waitFor({ timeout: scoringTime });
    await notificationButton(window, 'Show Log');
    await window.page.getByText('(exit code 2)').first().waitFor();
    assert.match(readFileSync(file('fr.rounds/v4/train.log'), 'utf8'), /Cannot find module/);
  });

  it('causes no error in any page', () => {
    assert.deepEqual(window.webviewErrors(), []);
  });
});

describe('Lineage in Restricted Mode', () => {
  let window: VscodeWindow;
  let workspace: string;

  before(async () => {
    workspace = makeLineageWorkspace(await makeWorkspace());
    const command = [process.execPath, '-e', 'require("node:fs").writeFileSync("ran", "")', '{start}', '{out}'];
    const releases = [{ name: 'v1', base: 'samples/base-1' }];
    const lineage = { format: 'model-rebase.lineage', version: 1, strategy: 'iterative', command, releases };
    writeFileSync(join(workspace, 'strange.lineage.json'), JSON.stringify(lineage));
    const settings = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' };
    window = await launchVscode({ workspace, extensionPath: projectRoot, settings });
  });

  after(() => window.close());

  it('shows lineages and runs nobody’s command', async () => {
    await window.page.getByText('Restricted Mode').first().waitFor();
    await showModelVersions(window);
    await window.page
      .locator('.sidebar .monaco-list-row')
      .filter({ hasText: /v1\s*base only/ })
      .first()
      .waitFor();
    await window.runCommand('Model Rebase: Run Fine-tuning');
    await notificationButton(window, 'Manage Workspace Trust');
    await window.page.getByText('strange is not fine-tuned in Restricted Mode').first().waitFor();
    await window.screenshot('lineage-restricted');
    assert.deepEqual([existsSync(join(workspace, 'ran')), existsSync(join(workspace, 'strange.rounds'))], [false, false]);
  });
});
