import type { Frame, Locator } from 'playwright-core';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';

/**
 * Shows the Model Versions view and waits for its first row; returns its rows. While a window starts it may take a click for
 * nothing, and a click on the view that is shown hides it: so look, and click only where it is not shown.
 */
export async function showModelVersions(window: VscodeWindow): Promise<Locator> {
  const icon = window.page.locator('.activitybar .action-item', { has: window.page.locator('[aria-label^="Model Rebase"]') });
  const isShown = async (): Promise<boolean> => /\bchecked\b/.test((await icon.getAttribute('class')) ?? '');
  const rows = window.sideBarRows();
  await window.waitUntil(
    'Model Versions is shown, with rows',
    async () => {
      if (!(await isShown())) await icon.click();
      await window.page.waitForTimeout(300);
      return (await isShown()) && rows.first().isVisible();
    },
    60_000,
  );
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

/** Selects rows of the Explorer and chooses an item of the extension's submenu in the last one's context menu. */
export async function chooseInExplorer(window: VscodeWindow, names: readonly string[], item: string): Promise<void> {
  await selectInExplorer(window, names);
  await window.explorerRow(names.at(-1) ?? '').click({ button: 'right' });
  await window.chooseOwnMenuItem(item);
}

/** The diff panel in view, once it shows a result. */
export function diffResult(window: VscodeWindow): Promise<Frame> {
  return window.webview('rebase-diff-result');
}

/** The text of the table's row of one tensor. */
export async function tensorRow(panel: Frame, name: string): Promise<string> {
  const row = panel.locator('rebase-tensors-view [role=row]', { has: panel.locator(`.name[title*="${name}"]`) });
  return row.first().innerText();
}
