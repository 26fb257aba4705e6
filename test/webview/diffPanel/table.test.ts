import assert from 'node:assert/strict';
import { callsOf } from '../harness/browser.js';
import { realisticReport } from '../harness/diffFixtures.js';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: table', (panel) => {
  it('sorts by a column, and the other way round on the second click; rows without a value come last', async () => {
    await panel.open({ scenario: 'mixed' });
    const header = panel.page.getByRole('columnheader', { name: 'Cosine' });
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    const ascending = await Promise.all([0, 5, 6, 10].map(async (index) => await panel.cell(index, 'Cosine')));
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    const descending = await Promise.all([0, 10].map(async (index) => await panel.cell(index, 'Cosine')));
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
    const names = await Promise.all([1, 2, 9, 10].map(async (index) => await panel.name(index)));
    assert.deepEqual(
      names,
      [1, 2, 9, 10].map((layer) => `model.layers.${layer}.self_attn.q_proj.weight`),
    );
  });

  it('says the layer beside the name within it, and the whole name on hover', async () => {
    await panel.open({ scenario: 'mixed' });
    await panel.filterBox().fill('v_proj');
    assert.deepEqual((await panel.cells(0)).slice(0, 3), ['0', 'self_attn.v_proj.weight', 'retyped']);
    assert.equal(await panel.name(0), 'model.layers.0.self_attn.v_proj.weight');
    await panel.filterBox().fill('lm_head');
    assert.deepEqual((await panel.cells(0)).slice(0, 3), ['', 'lm_head.weight', 'shrunk']);
  });

  it('hides, moves and resizes columns, and keeps that over a reload', async () => {
    await panel.open();
    const headers = () => panel.tensorGrid().getByRole('columnheader').allInnerTexts();
    const header = (name: string) => panel.page.getByRole('columnheader', { name });
    await panel.page.getByRole('button', { name: 'Columns' }).click();
    await panel.page.getByRole('menuitemcheckbox', { name: 'Flips' }).click();
    assert.ok(!(await headers()).includes('Flips'));
    await header('Cosine').click({ button: 'right' });
    await panel.page.getByRole('menuitem', { name: 'Move Left' }).click();
    assert.equal((await headers()).indexOf('Cosine'), 3);
    await header('Type').getByRole('button').dragTo(header('Cosine'));
    assert.equal((await headers()).indexOf('Type'), 3);
    const width = async () => (await header('Tensor').boundingBox())!;
    const before = await width();
    await panel.page.mouse.move(before.x + before.width, before.y + 12);
    await panel.page.mouse.down();
    await panel.page.mouse.move(before.x + 300, before.y + 12, { steps: 3 });
    await panel.page.mouse.up();
    assert.equal(Math.round((await width()).width), 300);
    await panel.page.waitForTimeout(300);
    const arranged = await headers();
    await panel.page.reload();
    await panel.row(0).waitFor();
    assert.deepEqual(await headers(), arranged);
    assert.equal(Math.round((await width()).width), 300);
    await header('Cosine').click({ button: 'right' });
    await panel.page.getByRole('menuitem', { name: 'Reset Columns' }).click();
    assert.equal((await headers()).length, 11);
  });

  it('has a menu for a row: filter to its module, open it on a side, from the pointer and from the keyboard', async () => {
    await panel.open();
    await panel.row(1).click({ button: 'right' });
    await panel.page.getByRole('menuitem', { name: 'Filter to This Module' }).click();
    assert.equal(await panel.shownCount(), '33');
    await panel.tensorGrid().focus();
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('Shift+F10');
    await panel.page.keyboard.press('End');
    await panel.page.keyboard.press('Enter');
    const index = realisticReport().tensors.findIndex(({ name }) => name === 'model.layers.31.self_attn.k_proj.weight');
    assert.deepEqual((await callsOf(panel.page)).at(-1), { method: 'openTensor', params: { index, side: 'b' } });
    assert.equal(await panel.tensorGrid().evaluate((grid) => grid.matches(':focus')), true);
    await panel.page.keyboard.press('Shift+F10');
    await panel.page.keyboard.press('Escape');
    assert.equal(await panel.page.getByRole('menu').count(), 0);
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
