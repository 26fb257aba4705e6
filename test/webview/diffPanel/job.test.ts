import assert from 'node:assert/strict';
import { emitTo } from '../harness/browser.js';
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
