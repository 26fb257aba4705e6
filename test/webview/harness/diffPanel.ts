import type { Locator } from 'playwright-core';
import { describePanel, PanelPage } from './panelTests.js';

/** The diff panel in a browser, and the parts of it that many tests look at. */
class DiffPanel extends PanelPage {
  tensorGrid(): Locator {
    return this.page.getByRole('grid', { name: 'Tensors' });
  }

  row(index: number): Locator {
    return this.page.locator(`#row-${index}`);
  }

  cells(index: number): Promise<string[]> {
    return this.row(index).getByRole('gridcell').allTextContents();
  }

  filterBox(): Locator {
    return this.page.getByRole('textbox', { name: 'Filter tensors by name' });
  }

  /** Rows that pass the filter, and the header. */
  shownCount(): Promise<string | null> {
    return this.tensorGrid().getAttribute('aria-rowcount');
  }
}

export function describeDiffPanel(title: string, tests: (panel: DiffPanel) => void): void {
  describePanel(title, new DiffPanel('diffPanel'), tests);
}
