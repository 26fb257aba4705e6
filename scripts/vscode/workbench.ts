import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BrowserContext, Frame, Locator, Page } from 'playwright-core';
import type { VscodeServer } from './server.js';
import { type Theme, themes } from './themes.js';
import { projectRoot } from './tools.js';

/** An error that a page of this window logged, with the address of the script that logged it. */
export interface LoggedError {
  readonly text: string;
  readonly url: string;
}

/** One VS Code window in a browser, with its server. */
export class VscodeWindow {
  readonly errors: LoggedError[] = [];

  constructor(
    readonly page: Page,
    readonly server: VscodeServer,
    private readonly context: BrowserContext,
    private readonly address: string,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push({ text: message.text(), url: message.location().url });
    });
    page.on('pageerror', (error) => this.errors.push({ text: error.message, url: 'page' }));
  }

  /** Opens the window and waits until it is ready. */
  async open(): Promise<void> {
    await this.page.goto(this.address, { timeout: 60_000 });
    await this.ready();
  }

  /** Reloads the window with VS Code's own command, so that it can save its state, and waits until it is ready. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: 60_000 });
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.ready();
  }

  /** The colour theme comes last, with the extensions. */
  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .sidebar .pane-body').first().waitFor({ timeout: 60_000 });
    await this.page.locator('.monaco-workbench[class*="-themes-"]').waitFor({ timeout: 60_000 });
  }

  /** Runs a command by its title, typed into the command palette. The palette closes when anything else takes the focus: so open it until it stays. */
  async runCommand(title: string): Promise<void> {
    for (let attempt = 1; !(await this.typeCommand(title, attempt * 5000)); attempt++) {
      if (attempt === 4) throw new Error(`The command palette would not stay open for "${title}".`);
      await this.page.keyboard.press('Escape');
    }
  }

  /** @returns whether the command was chosen from the palette within `timeout` ms for each of the three steps */
  private async typeCommand(title: string, timeout: number): Promise<boolean> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget:visible input.input');
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    try {
      await input.fill(`>${title}`, { timeout });
      await row.waitFor({ timeout });
      await row.click({ timeout });
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return false;
      throw error;
    }
  }

  /** The open quick pick's rows, as the text a user reads. */
  quickPickRows(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  /**
   * Types into the quick pick that is titled `title`, and takes the row that is then first and must hold `text`. A step that is
   * about to be replaced by the next one takes text as well: so type until it fits.
   */
  async pick(title: string, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget:visible .quick-input-title', { hasText: title }).waitFor();
    const input = this.page.locator('.quick-input-widget:visible input.input');
    const focused = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text });
    await this.waitUntil(
      `the list offers ${text}`,
      async () => {
        await input.fill(text);
        await this.page.waitForTimeout(300);
        return focused.isVisible();
      },
      20_000,
    );
    await input.press('Enter');
  }

  /** Answers the open input box. */
  async type(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await input.fill(text);
    await input.press('Enter');
  }

  /** Answers VS Code's own file dialog, which it shows where it runs in a browser. */
  async answerFileDialog(path: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await this.waitUntil('the dialog proposes a path', async () => (await input.inputValue().catch(() => '')).includes('/'));
    await this.page.waitForTimeout(500);
    await input.fill(path);
    await this.page.waitForTimeout(500);
    await input.press('Enter');
  }

  /** Rows of whatever tree the side bar shows. */
  sideBarRows(): Locator {
    return this.page.locator('.sidebar .pane-body .monaco-list-row');
  }

  focusedRow(): Locator {
    return this.page.locator('.sidebar .pane-body .monaco-list-row.focused');
  }

  tab(label: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: label }).first();
  }

  async closeEditors(): Promise<void> {
    await this.runCommand('View: Close All Editors');
    await this.page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
  }

  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Waits until `holds`, looking every 100 ms. */
  async waitUntil(what: string, holds: () => boolean | Promise<boolean>, timeout = 10_000): Promise<void> {
    const deadline = Date.now() + timeout;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`Not within ${timeout} ms: ${what}.`);
      await this.page.waitForTimeout(100);
    }
  }

  explorerRow(name: string): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  }

  /** An item of the open menus; not the item of a submenu that holds it. */
  contextMenuItem(title: string): Locator {
    return this.page.locator('.context-view .monaco-menu .action-item:not(:has(.action-item))', { hasText: title }).first();
  }

  /** Chooses an item of the open context menu. A menu ignores clicks in its first moments, as a guard against slips. */
  async chooseMenuItem(title: string): Promise<void> {
    const item = this.contextMenuItem(title);
    await item.waitFor();
    await this.page.waitForTimeout(250);
    await item.click();
    await item.waitFor({ state: 'detached' });
  }

  /** Chooses an item of the submenu *Model Rebase* of the open context menu. */
  async chooseOwnMenuItem(title: string): Promise<void> {
    const submenu = this.contextMenuItem('Model Rebase');
    await submenu.waitFor();
    await this.page.waitForTimeout(250);
    await submenu.hover();
    await this.chooseMenuItem(title);
  }

  /** The document inside the webview that shows something matching `selector`. */
  async webview(selector: string, timeout = 20_000): Promise<Frame> {
    const deadline = Date.now() + timeout;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        if (await this.shows(frame, selector)) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(
      `No webview showed ${selector} within ${timeout} ms. Frames: ${this.page
        .frames()
        .map((frame) => frame.url())
        .join(' ')}`,
    );
  }

  private async shows(frame: Frame, selector: string): Promise<boolean> {
    if (frame === this.page.mainFrame()) return false;
    return (
      (await frame
        .locator(selector)
        .count()
        .catch(() => 0)) > 0
    );
  }

  /** Switches the colour theme, chosen as a user does, and waits until the window wears it. */
  async setTheme(theme: Theme): Promise<void> {
    const { label, file } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.page.locator('.quick-input-widget:visible input.input').fill(label);
    await this.quickPickRows()
      .filter({ has: this.page.getByText(label, { exact: true }) })
      .first()
      .click();
    await this.page.locator(`.monaco-workbench[class*="-themes-${file}"]`).waitFor();
    await this.page.waitForTimeout(300);
  }

  /** Writes `out/screenshots/<name>.png` and returns its path. */
  async screenshot(name: string): Promise<string> {
    const path = join(projectRoot, 'out', 'screenshots', `${name}.png`);
    mkdirSync(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
    return path;
  }

  /** Errors that come from webviews, not from VS Code itself: what the extension's pages are responsible for. */
  webviewErrors(): readonly LoggedError[] {
    return this.errors.filter(
      ({ url, text }) => url.includes('vscode-resource') || url.includes('/webview/') || text.includes('Content Security Policy'),
    );
  }

  async close(): Promise<void> {
    await this.context.close();
    this.server.stop();
  }
}
