import assert from 'node:assert/strict';
import { savedStateOf } from '../harness/browser.js';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: what it keeps', (panel) => {
  it('keeps filter, sort, metric, selection and scroll over a reload', async () => {
    await panel.open();
    await panel.page.getByRole('button', { name: 'changed 286' }).click();
    await panel.page.getByRole('columnheader', { name: 'max |Δ|' }).getByRole('button').click();
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    await panel.tensorGrid().evaluate((grid) => (grid.scrollTop = 2200));
    await panel.row(101).click();
    const name = await panel.name(101);
    await panel.page.waitForTimeout(300);
    const saved = (await savedStateOf(panel.page)) as { restore: unknown; scrollTop: number };
    assert.deepEqual([saved.restore, saved.scrollTop], [{ folder: '/models/base-1' }, 2200]);
    await panel.page.reload();
    await panel.page.getByRole('heading', { name }).waitFor();
    assert.equal(await panel.shownCount(), '287');
    assert.equal(await panel.page.getByRole('columnheader', { name: 'max |Δ|' }).getAttribute('aria-sort'), 'descending');
    assert.equal(await panel.page.locator('rebase-heatmap-table').count(), 1);
    assert.equal(await panel.tensorGrid().evaluate((grid) => grid.scrollTop), 2200);
    assert.equal(await panel.row(101).getAttribute('aria-selected'), 'true');
  });

  it('keeps what the host wants back after a restart, also when nobody touched the panel', async () => {
    await panel.open({ scenario: 'running' });
    await panel.page.getByRole('button', { name: 'Cancel' }).waitFor();
    assert.deepEqual(await savedStateOf(panel.page), { restore: { folder: '/models/base-1' } });
  });
});
