import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { atEnd } from './lifetime.js';
import { type Settings, type VscodeServer, startServer } from './server.js';
import type { Theme } from './themes.js';
import { VscodeWindow } from './workbench.js';

export interface LaunchOptions {
  /** Folder to open. */
  readonly workspace: string;
  /** Extension under development to load. */
  readonly extensionPath?: string;
  /** VSIX files to install first. */
  readonly vsix?: readonly string[];
  readonly settings?: Settings;
  readonly theme?: Theme;
  /** Module with a `run()` to call inside the extension host. */
  readonly extensionTestsPath?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
}

const defaultViewport = { width: 1440, height: 900 };

const openWindows = new Set<VscodeWindow>();

/** After a failure: takes a picture of every open window, and closes menus and quick picks that the next test would trip over. */
export async function lookAtWindows(title: string): Promise<void> {
  const name = title.replaceAll(/[^\w]+/g, '-').slice(0, 80);
  for (const window of openWindows) {
    await window.screenshot(`failed-${name}`);
    for (let press = 0; press < 3; press++) await window.page.keyboard.press('Escape');
  }
}

let sharedBrowser: Promise<Browser> | undefined;

function browser(): Promise<Browser> {
  sharedBrowser ??= launchBrowser();
  return sharedBrowser;
}

/** Ends the browser that all windows share, so that the process can end by itself. */
export async function closeBrowser(): Promise<void> {
  const open = sharedBrowser;
  sharedBrowser = undefined;
  await (await open)?.close();
}

/** Where a browser finds the window that `options` describe. */
export function windowAddress(server: VscodeServer, options: LaunchOptions): string {
  const remote = (path: string): string =>
    `vscode-remote://${server.authority}${path.startsWith('/') ? '' : '/'}${path.replaceAll('\\', '/')}`;
  const payload: [string, string][] = [];
  if (options.extensionPath !== undefined) payload.push(['extensionDevelopmentPath', remote(options.extensionPath)]);
  if (options.extensionTestsPath !== undefined) payload.push(['extensionTestsPath', remote(options.extensionTestsPath)]);
  const query = new URLSearchParams({ folder: options.workspace, payload: JSON.stringify(payload) });
  return `http://${server.authority}/?${query.toString()}`;
}

/** What test code inside the extension host tells the page. */
export interface HostListener {
  log(line: string): void;
  exit(code: number): void;
}

/** Starts a VS Code server and opens `workspace` in it. Everything dies with this process at the latest. */
export async function launchVscode(options: LaunchOptions, listener?: HostListener): Promise<VscodeWindow> {
  const server = await startServer({ settings: options.settings ?? {}, vsix: options.vsix ?? [], environment: options.environment ?? {} });
  const context = await (
    await browser()
  ).newContext({ viewport: options.viewport ?? defaultViewport, permissions: ['clipboard-read', 'clipboard-write'] });
  atEnd(() => void context.close().catch(() => undefined));
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => listener?.log(args.map(String).join(' ')));
  await page.exposeFunction('codeAutomationExit', (code: number) => listener?.exit(code));
  const window = new VscodeWindow(page, server, context, windowAddress(server, options));
  openWindows.add(window);
  page.once('close', () => openWindows.delete(window));
  await window.open();
  if (options.theme !== undefined) await window.setTheme(options.theme);
  return window;
}
