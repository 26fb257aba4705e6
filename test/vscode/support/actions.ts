import type { Frame, Locator } from 'playwright-core';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';

/** Shows the Model Versions view and waits for its first row; returns its rows. */
export async function showModelVersions(window: VscodeWindow): Promise<Locator> {
  await window.page.locator('.activitybar .action-label[aria-label^="Model Versions"]').click();
  const rows = window.sideBarRows();
  await rows.first().waitFor();
  return rows;
}

/** Shows the Explorer view. */
export async function showExplorer(window: VscodeWindow): Promise<void> {
  await window.page.keyboard.press('Control+Shift+E');
  await window.explorerRow('notes.md').waitFor();
}

async function selectedCount(window: VscodeWindow): Promise<number> {
  return window.page.locator('.explorer-folders-view .monaco-list-row.selected').count();
}

/** A click opens or closes a folder, and the rows below it move while it loads: so look, and try again. */
async function selectInExplorer(window: VscodeWindow, [first = '', ...others]: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) {
    await window.explorerRow(first).click();
    await window.page.waitForTimeout(500);
    for (const name of others) await window.explorerRow(name).click({ modifiers: ['Control'] });
    if ((await selectedCount(window)) === others.length + 1) return;
  }
  throw new Error(`The Explorer would not select ${[first, ...others].join(' and ')}.`);
}

/** Selects rows of the Explorer and chooses an item of the last one's context menu. */
export async function chooseInExplorer(window: VscodeWindow, names: readonly string[], item: string): Promise<void> {
  await selectInExplorer(window, names);
  await window.explorerRow(names.at(-1) ?? '').click({ button: 'right' });
  await window.chooseMenuItem(item);
}

/** The diff panel in view, once it shows a result. */
export function diffResult(window: VscodeWindow): Promise<Frame> {
  return window.webview('rebase-diff-result');
}

/** The text of the table's row of one tensor. */
export async function tensorRow(panel: Frame, name: string): Promise<string> {
  return panel.locator('rebase-tensors-view [role=row]', { hasText: name }).first().innerText();
}
