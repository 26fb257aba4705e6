import assert from 'node:assert/strict';
import { toDiffView } from '../../../src/webview/index.js';
import { emitTo } from '../harness/browser.js';
import { realisticReport } from '../harness/diffFixtures.js';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: a job that is not done', (panel) => {
  it('shows progress as it comes and cancels', async () => {
    await panel.open({ scenario: 'running' });
    const bar = panel.page.getByRole('progressbar');
    assert.equal(await bar.getAttribute('aria-valuenow'), '37');
    await emitTo(panel.page, 'progress', { fraction: 0.805, message: '2.6 GB of 3.3 GB' });
    await panel.page.getByText('2.6 GB of 3.3 GB').waitFor();
    assert.equal(await bar.getAttribute('aria-valuenow'), '80');
    await panel.page.getByRole('button', { name: 'Cancel' }).click();
    await panel.page.getByText('The comparison was cancelled. Nothing was changed.').waitFor();
    await panel.page.getByRole('button', { name: 'Compare Again' }).click();
    await panel.page.getByText('1.2 GB of 3.3 GB').waitFor();
  });

  it('shows its structure and what is known so far, keeps what a person chose, and becomes the result', async () => {
    await panel.open({ scenario: 'filling' });
    await panel.page.getByText('Comparing: 1.6 GB of 3.3 GB').waitFor();
    assert.equal(await panel.shownCount(), '292');
    await panel.filterBox().fill('layers.20.');
    assert.equal(await panel.cell(0, 'Status'), 'unread');
    await panel.row(0).click();
    await panel.page.getByText('need the compared files. The comparison is still running.').waitFor();
    await emitTo(panel.page, 'progress', { fraction: 0.9, message: '3.0 GB of 3.3 GB' });
    await panel.page.getByText('Comparing: 3.0 GB of 3.3 GB').waitFor();
    const view = toDiffView({ ...realisticReport(), createdAt: '2027-01-01T00:00:00.000Z' });
    await emitTo(panel.page, 'state', { kind: 'done', view, obstacle: null, remark: null });
    await panel.page.getByText('Comparing:').waitFor({ state: 'detached' });
    assert.equal(await panel.shownCount(), '10');
    await panel.page
      .locator('rebase-tensor-detail')
      .getByText(/unchanged \(/)
      .waitFor();
  });

  it('shows why it failed and tries again', async () => {
    await panel.open({ scenario: 'failed' });
    await panel.page
      .getByRole('alert')
      .getByText(/the file has 1,073,700,000 bytes/)
      .waitFor();
    await panel.page.getByRole('button', { name: 'Try Again' }).click();
    await panel.page.getByText('1.2 GB of 3.3 GB').waitFor();
  });
});
