import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { errorsOf, Harness, violationsOf, type PanelName, type PanelOptions } from './browser.js';

/** Started by the first test that opens a page: all files of a run share one browser. */
let harness: Promise<Harness> | null = null;

after(async () => (await harness)?.stop());

/** The page that the running test has opened. */
export class PanelPage {
  #page: Page | null = null;

  constructor(private readonly panel: PanelName) {}

  get page(): Page {
    assert.ok(this.#page, 'the test has opened no panel');
    return this.#page;
  }

  async open(options: PanelOptions = {}): Promise<void> {
    harness ??= Harness.start();
    this.#page = await (await harness).open(this.panel, options);
  }

  /** Fails where the page reported an error, broke its content security policy or ran what it was to show. */
  async close(): Promise<void> {
    assert.deepEqual(errorsOf(this.page), []);
    assert.deepEqual(await violationsOf(this.page), []);
    assert.equal(await this.page.evaluate(() => 'hacked' in globalThis), false);
    await this.page.close();
  }
}

/** Tests of a panel in a browser, each in a page of its own that has to end without errors. */
export function describePanel<Panel extends PanelPage>(title: string, panel: Panel, tests: (panel: Panel) => void): void {
  describe(title, function () {
    this.timeout(60_000);
    afterEach(() => panel.close());
    tests(panel);
  });
}
