import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { madeFolder } from '../../support/partialFolder.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';

const title = 'Transfer Fine-tuning';

/**
 * Waits for the step that asks `prompt` (or says what is wrong), and answers; without a text, takes what it proposes. A box
 * that has just come up may get its proposal after the text was typed: so type until it stays.
 */
export async function answerStep(window: VscodeWindow, prompt: string, text?: string): Promise<void> {
  const widget = window.page.locator('.quick-input-widget:visible');
  await widget.getByText(prompt).first().waitFor();
  const input = widget.locator('input.input');
  if (text !== undefined)
    await window.waitUntil(`the box holds ${text}`, async () => {
      await input.fill(text);
      await window.page.waitForTimeout(150);
      return (await input.inputValue()) === text;
    });
  await input.press('Enter');
}

/** Chooses a row of the wizard's list. */
export function chooseRow(window: VscodeWindow, text: string, wizard = title): Promise<void> {
  return window.pick(wizard, text);
}

/** Chooses the three models by name, in the wizard that was opened without a selection. */
export async function chooseModels(window: VscodeWindow, names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    await stepTitle(window, `(${index + 1}/`).waitFor();
    await chooseRow(window, name);
  }
}

/** The Markdown preview that shows a heading or paragraph with `text`. */
export function page(window: VscodeWindow, text: string): Promise<Frame> {
  return window.webview(`.markdown-body:has-text(${JSON.stringify(text)})`);
}

/** A button of a notification, in the list of notifications: with the test driver, VS Code shows no toasts. */
export async function notificationButton(window: VscodeWindow, label: string): Promise<Locator> {
  const list = window.page.locator('.notifications-center');
  if (!(await list.isVisible())) await window.runCommand('Notifications: Show Notifications');
  const button = list.locator('.notification-list-item').getByText(label, { exact: true }).first();
  await button.waitFor();
  return button;
}

/** The wizard's title, at a step such as `(2/6)`. */
export function stepTitle(window: VscodeWindow, step: string): Locator {
  return window.page.locator('.quick-input-widget:visible .quick-input-title', { hasText: step });
}

/** Clicks the wizard's Back button. */
export async function goBack(window: VscodeWindow): Promise<void> {
  await window.page.locator('.quick-input-widget:visible .quick-input-titlebar').getByRole('button', { name: 'Back' }).click();
}

/** Whether some of an output is written. */
export function isBegun(output: string): boolean {
  return existsSync(`${output}.partial`) && existsSync(join(madeFolder(output), 'model-rebase.journal'));
}

/** Cancels the running job in its notification, once it writes `output`. */
export async function cancelJob(window: VscodeWindow, output: string): Promise<void> {
  await window.waitUntil('the job writes', () => isBegun(output));
  await (await notificationButton(window, 'Cancel')).click();
}

export async function dismissNotifications(window: VscodeWindow): Promise<void> {
  await window.runCommand('Notifications: Clear All Notifications');
}
