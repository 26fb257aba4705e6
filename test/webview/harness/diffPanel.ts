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
    return this.row(index).getByRole('gridcell').allInnerTexts();
  }

  /** The text under a header. */
  async cell(index: number, column: string): Promise<string> {
    const headers = await this.tensorGrid().getByRole('columnheader').allInnerTexts();
    return (await this.cells(index))[headers.findIndex((header) => header.replace(/\s*[▾▴]/, '').trim() === column)]?.trim() ?? '';
  }

  /** The whole name of a row's tensor. */
  async name(index: number): Promise<string> {
    return (await this.row(index).locator('.name').getAttribute('title')) ?? '';
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
