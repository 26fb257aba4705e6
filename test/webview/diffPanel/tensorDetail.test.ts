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
    assert.equal(await detail.getByRole('row').count(), 1 + 17 + 1);
  });

  it('reads rows, columns and picture on demand, each with its table; tokens show their white space', async () => {
    await panel.open();
    await panel.filterBox().fill('embed');
    await panel.row(0).click();
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
    await panel.page.getByRole('button', { name: 'Show Rows and Picture' }).click();
    await panel.page.getByText('finetuned-1: the file is gone.').waitFor();
    assert.equal(await panel.page.getByRole('button', { name: 'Try Again' }).isEnabled(), true);
  });

  it('offers no reading for a saved report', async () => {
    await panel.open({ scenario: 'saved' });
    await panel.row(0).click();
    await panel.page.getByText('need the compared files. They are no longer there.').waitFor();
    assert.equal(await panel.page.getByRole('button', { name: 'Compare again' }).isDisabled(), true);
  });
});
