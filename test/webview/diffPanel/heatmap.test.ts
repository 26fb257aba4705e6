import assert from 'node:assert/strict';
import type { ExportedPicture } from '../../../src/webview/index.js';
import { callsOf } from '../harness/browser.js';
import type { FakeHost } from '../harness/fakeHost.js';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: heat map', (panel) => {
  const heatmap = () => panel.page.getByRole('grid', { name: /^Layers by modules/ });

  it('tells the focus cell in words and filters the table by it', async () => {
    await panel.open();
    await heatmap().focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowRight');
    const cell = panel.page.locator('#focus-cell');
    assert.equal((await cell.innerText()).trim(), 'layer 1, self_attn.q_proj: relative change 0.00169');
    await panel.page.keyboard.press('Enter');
    assert.equal(await panel.shownCount(), '2');
    assert.equal(await panel.name(0), 'model.layers.1.self_attn.q_proj.weight');
    await panel.page.keyboard.press('Enter');
    assert.equal(await panel.shownCount(), '292');
  });

  it('filters by click, and the filter can be taken away', async () => {
    await panel.open();
    await panel.page.locator('canvas[width]').waitFor();
    const box = await heatmap().boundingBox();
    assert.ok(box);
    const position = { x: 100, y: box.height - 12 };
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
    const firstRow = () => table.getByRole('row').nth(2).getByRole('cell').nth(1).innerText();
    assert.equal(await firstRow(), '0.00169');
    await panel.page.locator('vscode-single-select').click();
    await panel.page.getByRole('option', { name: 'Cosine distance' }).click();
    assert.equal(await firstRow(), '1.43e-6');
    assert.equal(await table.getByRole('columnheader').count(), 10);
    assert.equal(await table.getByRole('row').count(), 33);
  });

  it('shows what is pointed at in profile, map and table alike', async () => {
    await panel.open({ height: 1100 });
    const profile = panel.page.locator('rebase-layer-profile');
    await panel.row(0).hover();
    await profile.getByText('layer 31, self_attn.k_proj: relative change 0.0106').waitFor();
    assert.equal(await profile.locator('circle.place').count(), 1);
    const place = await profile.locator('circle.place').boundingBox();
    assert.ok(place);
    await panel.page.mouse.move(place.x + 4, place.y + 4);
    await profile.getByText('layer 31, self_attn.k_proj: relative change 0.0106').waitFor();
    assert.equal(await panel.page.locator('rebase-tensors-view .row.marked').count(), 1);
    assert.match(
      (await panel.page.locator('rebase-tensors-view .row.marked .name').getAttribute('title')) ?? '',
      /layers\.31\.self_attn\.k_proj/,
    );
    await panel.page.mouse.click(place.x + 4, place.y + 4);
    assert.equal(await panel.shownCount(), '2');
  });

  it('colours norms apart or leaves them out, on the scale that is chosen', async () => {
    await panel.open();
    const legends = panel.page.locator('rebase-legend svg[role=img]');
    const scales = async () => Promise.all((await legends.all()).map((legend) => legend.getAttribute('aria-label')));
    assert.deepEqual(
      (await scales()).map((label) => label?.replace(/ from.*/, '')),
      ['matrices linear scale', 'norms linear scale'],
    );
    const choose = async (name: string) => {
      await panel.page.getByRole('button', { name: 'Colours' }).click();
      await panel.page.getByRole('menuitemcheckbox', { name }).click();
      await panel.page.keyboard.press('Escape');
    };
    await choose('Quantile Scale');
    assert.match((await scales())[0] ?? '', /^matrices quantile scale/);
    await choose('Leave Out Norms');
    assert.equal(await legends.count(), 1);
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    assert.equal(await panel.page.locator('rebase-heatmap-table').getByRole('columnheader').count(), 1 + 7);
  });

  it('is saved as SVG and as PNG', async () => {
    await panel.open();
    const save = async (name: string) => {
      await panel.page.getByRole('button', { name: 'Picture' }).click();
      await panel.page.getByRole('menuitem', { name }).click();
      await panel.page.waitForFunction(
        () => (globalThis as unknown as { fakeHost: FakeHost }).fakeHost.calls.at(-1)?.method === 'exportPicture',
      );
      return (await callsOf(panel.page)).at(-1)?.params as ExportedPicture;
    };
    const svg = await save('Save as SVG');
    assert.ok(svg.format === 'svg');
    assert.match(svg.text, /^<svg [^]*base-1 → finetuned-1[^]*self_attn\.q_proj[^]*<\/svg>$/);
    assert.equal(svg.text.match(/<path d="M/g)?.length, 7);
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
