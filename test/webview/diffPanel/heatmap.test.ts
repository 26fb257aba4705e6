import assert from 'node:assert/strict';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: heat map', (panel) => {
  const heatmap = () => panel.page.getByRole('grid', { name: /^Layers by modules/ });

  it('tells the focus cell in words and filters the table by it', async () => {
    await panel.open();
    await heatmap().focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowRight');
    const cell = panel.page.locator('#focus-cell');
    assert.equal((await cell.innerText()).trim(), 'layer 1, self_attn.k_proj: relative change 0.00208');
    await panel.page.keyboard.press('Enter');
    assert.equal(await panel.shownCount(), '2');
    assert.equal(await panel.name(0), 'model.layers.1.self_attn.k_proj.weight');
    await panel.page.keyboard.press('Enter');
    assert.equal(await panel.shownCount(), '292');
  });

  it('filters by click, and the filter can be taken away', async () => {
    await panel.open();
    await panel.page.locator('canvas[width]').waitFor();
    const box = await heatmap().boundingBox();
    assert.ok(box);
    const position = { x: 70, y: box.height - 12 };
    await heatmap().hover({ position });
    await panel.page
      .locator('.tooltip')
      .getByText(/^layer \d+ · self_attn.q_proj$/)
      .waitFor();
    await heatmap().click({ position });
    const chip = panel.page.getByRole('button', { name: /^Stop showing only layer \d+ · self_attn.q_proj$/ });
    await chip.click();
    assert.equal(await panel.shownCount(), '292');
  });

  it('shows another metric and the same numbers as a table', async () => {
    await panel.open();
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    const table = panel.page.locator('rebase-heatmap-table table');
    const firstRow = () => table.getByRole('row').nth(2).getByRole('cell').first().innerText();
    assert.equal(await firstRow(), '0.00169');
    await panel.page.locator('vscode-single-select').click();
    await panel.page.getByRole('option', { name: 'Cosine distance' }).click();
    assert.equal(await firstRow(), '1.43e-6');
    assert.equal(await table.getByRole('columnheader').count(), 10);
    assert.equal(await table.getByRole('row').count(), 33);
  });

  it('shows modules outside the layers as cells of their own', async () => {
    await panel.open();
    await panel.page.getByRole('button', { name: 'lm_head: relative change 0.00630' }).click();
    assert.equal(await panel.name(0), 'lm_head.weight');
    assert.equal(await panel.shownCount(), '2');
  });

  it('paints cells in colours of the theme, and other ones when the theme changes', async () => {
    await panel.open();
    const picture = () =>
      panel.page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
        return canvas.toDataURL();
      });
    const dark = await picture();
    await panel.page.evaluate(() =>
      (globalThis as unknown as { fakeHost: { applyTheme: (name: string) => void } }).fakeHost.applyTheme('light'),
    );
    await panel.page.waitForTimeout(100);
    assert.notEqual(await picture(), dark);
  });
});
