import assert from 'node:assert/strict';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: details of a tensor', (panel) => {
  it('shows all statistics and the histogram with its zero count, and the table behind it', async () => {
    await panel.open();
    await panel.row(0).click();
    const detail = panel.page.locator('rebase-tensor-detail');
    await detail.getByText('0.00204 at [219, 1532]').waitFor();
    await detail.getByText('276,157 unchanged (52.7%)').waitFor();
    await detail.getByRole('button', { name: 'Show histogram as table' }).click();
    assert.equal(await detail.locator('rebase-histogram').getByRole('row').count(), 1 + 17 + 1);
  });

  it('reads rows, columns and picture on demand, each with its table; tokens show their white space', async () => {
    await panel.open();
    await panel.filterBox().fill('embed');
    await panel.row(0).click();
    await panel.page.getByText('are read from the files: 262 MB.').waitFor();
    const detail = panel.page.locator('rebase-tensor-detail');
    await detail.getByRole('button', { name: 'Show Rows and Picture' }).click();
    const rows = detail.locator('rebase-changed-rows tbody tr');
    assert.equal(await rows.count(), 100);
    assert.deepEqual(
      await rows
        .nth(2)
        .locator('th, td')
        .allTextContents()
        .then((texts) => texts.map((text) => text.trim())),
      ['15,838', '↵', '0.300', '0.167'],
    );
    await detail.getByRole('button', { name: 'Show ‖Δ‖ by row as table' }).click();
    assert.equal(await detail.locator('rebase-profile').first().getByRole('row').count(), 257);
    await detail.getByRole('button', { name: 'Show picture as table' }).click();
    assert.equal(await panel.page.getByRole('grid', { name: 'Blocks of the picture' }).getAttribute('aria-rowcount'), String(64 * 96 + 1));
  });

  it('shows why details cannot be read, and lets try again', async () => {
    await panel.open();
    await panel.filterBox().fill('model.norm');
    await panel.row(0).click();
    await panel.page.getByText('finetuned-1: the file is gone.').waitFor();
    assert.equal(await panel.page.getByRole('button', { name: 'Try Again' }).isEnabled(), true);
  });

  it('reads a small tensor unasked, draws its values, and comes back with them after a reload', async () => {
    await panel.open();
    await panel.row(0).click();
    const detail = panel.page.locator('rebase-tensor-detail');
    await detail.locator('rebase-picture canvas').waitFor();
    const histogram = detail.locator('rebase-histogram');
    assert.equal(await histogram.locator('rect.negative, rect.positive').count(), 96);
    await histogram.getByText('+σ').waitFor();
    await histogram.locator('svg[role=img]').hover();
    await histogram.getByText(/^Δ .+ … .+: [\d,]+$/).waitFor();
    await histogram.getByRole('button', { name: 'A and B' }).click();
    assert.equal(await histogram.locator('path.side-a, path.side-b').count(), 2);
    await histogram.getByRole('button', { name: 'Log' }).click();
    await histogram.getByText('by powers of two').waitFor();
    await panel.page.waitForTimeout(300);
    await panel.page.reload();
    await detail.locator('rebase-picture canvas').waitFor();
  });

  it('reads a large tensor again after a reload, once it was asked for', async () => {
    await panel.open();
    await panel.filterBox().fill('embed');
    await panel.row(0).click();
    await panel.page.getByRole('button', { name: 'Show Rows and Picture' }).click();
    await panel.page.locator('rebase-picture canvas').waitFor();
    await panel.page.waitForTimeout(300);
    await panel.page.reload();
    await panel.page.locator('rebase-picture canvas').waitFor();
  });

  it('offers no reading for a saved report', async () => {
    await panel.open({ scenario: 'saved' });
    await panel.row(0).click();
    await panel.page.getByText('need the compared files. They are no longer there.').waitFor();
    assert.equal(await panel.page.getByRole('button', { name: 'Compare again' }).isDisabled(), true);
  });
});
