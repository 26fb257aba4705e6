import type { Locator } from 'playwright-core';
import { callsOf, type PanelOptions } from './browser.js';
import { describePanel, PanelPage } from './panelTests.js';

interface ExportedPicture {
  readonly format: string;
  readonly text?: string;
  readonly bytes?: Readonly<Record<string, number>>;
}

/** The connectivity panel in a browser, and the parts of it that many tests look at. */
class ConnectivityPanel extends PanelPage {
  override open(options: PanelOptions = {}): Promise<void> {
    return super.open({ scenario: 'barrier', ...options });
  }

  chart(): Locator {
    return this.page.getByRole('slider');
  }

  /** What the chart says of the point that has the focus. */
  shown(): Promise<string | null> {
    return this.chart().getAttribute('aria-valuetext');
  }

  markers(): Locator {
    return this.page.locator('svg.chart path.marker');
  }

  grid(name: string): Locator {
    return this.page.getByRole('grid', { name });
  }

  cells(row: number): Promise<string[]> {
    return this.page.locator(`#row-${row}`).getByRole('gridcell').allTextContents();
  }

  async lastCall() {
    return (await callsOf(this.page)).at(-1);
  }

  async choose(label: string, option: string): Promise<void> {
    await this.page.locator(`vscode-single-select[label="${label}"]`).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** The picture that the panel hands to its host. */
  async exported(item: string): Promise<ExportedPicture> {
    await this.page.getByRole('button', { name: 'Export' }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
    await this.page.waitForFunction(
      () => (globalThis as unknown as { fakeHost: { calls: { method: string }[] } }).fakeHost.calls.at(-1)?.method === 'exportPicture',
    );
    return (await this.lastCall())?.params as ExportedPicture;
  }
}

export function describeConnectivityPanel(title: string, tests: (panel: ConnectivityPanel) => void): void {
  describePanel(title, new ConnectivityPanel('connectivityPanel'), tests);
}
