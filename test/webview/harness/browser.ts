import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../../scripts/vscode/browser.js';
import type { FakeHost } from './fakeHost.js';
import type { FrameTimes } from './measure.js';
import { serveHarness } from './server.js';
import type { ThemeName } from './themes.js';

export type PanelName = 'diffPanel' | 'checkpointPanel' | 'connectivityPanel' | 'lineagePanel';

export interface PanelOptions {
  readonly scenario?: string;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

/** A real browser and the served panels. */
export class Harness {
  private constructor(
    readonly browser: Browser,
    private readonly server: { url: string; close: () => void },
  ) {}

  static async start(): Promise<Harness> {
    const server = await serveHarness();
    return new Harness(await launchBrowser(), server);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }

  /** Opens a panel in a fresh page. Errors of the page fail the test that closes it with `closePanel`. */
  async open(panel: PanelName, { scenario = 'realistic', theme = 'dark', width = 1280, height = 860 }: PanelOptions = {}): Promise<Page> {
    const page = await this.browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(5000);
    page.on('pageerror', (error) => void errorsOf(page).push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errorsOf(page).push(message.text());
    });
    await page.goto(`${this.server.url}/${panel}?scenario=${scenario}&theme=${theme}`);
    return page;
  }
}

const errors = new WeakMap<Page, string[]>();

/** Errors and warnings the page has reported so far. */
export function errorsOf(page: Page): string[] {
  const list = errors.get(page) ?? [];
  errors.set(page, list);
  return list;
}

declare const fakeHost: FakeHost;

export function callsOf(page: Page): Promise<FakeHost['calls']> {
  return page.evaluate(() => fakeHost.calls);
}

export function violationsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => fakeHost.violations);
}

export function savedStateOf(page: Page): Promise<unknown> {
  return page.evaluate(() => fakeHost.state);
}

export function openingTime(page: Page): Promise<number> {
  return page.evaluate(() => fakeHost.opened);
}

/** Milliseconds between frames while the table scrolls. */
export function scrollTimes(page: Page, frames: number, step: number): Promise<FrameTimes> {
  return page.evaluate(([count, pixels]) => fakeHost.scrollFrames(count, pixels), [frames, step] as const);
}

export function emitTo(page: Page, event: string, payload: unknown): Promise<void> {
  return page.evaluate(([name, value]) => fakeHost.emit(name as string, value), [event, payload]);
}
