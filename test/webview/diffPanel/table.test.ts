import assert from 'node:assert/strict';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: table', (panel) => {
  it('sorts by a column, and the other way round on the second click; rows without a value come last', async () => {
    await panel.open({ scenario: 'mixed' });
    const header = panel.page.getByRole('columnheader', { name: 'Cosine' });
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    const ascending = await Promise.all([0, 5, 6, 10].map(async (index) => (await panel.cells(index))[5]));
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    const descending = await Promise.all([0, 10].map(async (index) => (await panel.cells(index))[5]));
    assert.deepEqual(
      [ascending, descending],
      [
        ['0.999950', '1', '–', '–'],
        ['1', '–'],
      ],
    );
  });

  it('sorts names as people count', async () => {
    await panel.open();
    await panel.page.getByRole('columnheader', { name: 'Tensor' }).getByRole('button').click();
    await panel.filterBox().fill('q_proj');
    const names = await Promise.all([1, 2, 9, 10].map(async (index) => (await panel.cells(index))[0]));
    assert.deepEqual(
      names,
      [1, 2, 9, 10].map((layer) => `model.layers.${layer}.self_attn.q_proj.weight`),
    );
  });

  it('filters by all words of a text and by status', async () => {
    await panel.open();
    await panel.filterBox().fill('LAYERS.3 mlp');
    assert.equal(await panel.shownCount(), String(1 + 3 * 3));
    await panel.filterBox().fill('');
    await panel.page.getByRole('button', { name: 'grown 2' }).click();
    assert.equal(await panel.shownCount(), '3');
    await panel.page.getByRole('button', { name: 'identical 2' }).click();
    assert.equal(await panel.shownCount(), '5');
    await panel.filterBox().fill('nothing is called so');
    await panel.page.getByText('No tensor passes the filter.').waitFor();
  });

  it('is driven by the keyboard: arrows, pages, ends, Enter for details, Escape back', async () => {
    await panel.open();
    await panel.tensorGrid().focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowDown');
    assert.equal(await panel.tensorGrid().getAttribute('aria-activedescendant'), 'row-1');
    await panel.page.keyboard.press('End');
    await panel.page.locator('[aria-activedescendant="row-290"]').waitFor(); // named once the list has scrolled there
    assert.equal(await panel.row(290).getAttribute('aria-rowindex'), '292');
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('Enter');
    await panel.page.getByRole('heading', { name: 'model.layers.31.self_attn.k_proj.weight' }).waitFor();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.getByRole('heading', { name: 'model.layers.28.self_attn.k_proj.weight' }).waitFor();
    await panel.page.getByRole('button', { name: 'Close details' }).press('Escape');
    assert.equal(await panel.page.locator('rebase-tensor-detail').count(), 0);
    assert.equal(await panel.tensorGrid().evaluate((grid) => grid.matches(':focus')), true);
  });
});
