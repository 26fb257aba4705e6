import assert from 'node:assert/strict';
import { emitTo } from '../harness/browser.js';
import { partialRun } from '../harness/connectivityFixtures.js';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: a run that is not whole', (panel) => {
  it('shows points as they come, with progress', async () => {
    await panel.open({ scenario: 'starting' });
    await panel.page.getByText('layer 5 · 41% · 12.0 s left').waitFor();
    const state = {
      title: 'base-1 ↔ base-2',
      overlays: [],
      obstacle: null,
      activity: { kind: 'running', progress: { fraction: 0.5, message: 'layer 6' } },
    };
    for (const count of [3, 7]) {
      await emitTo(panel.page, 'state', { ...state, run: partialRun(count) });
      await panel.page.getByText('layer 6').waitFor();
      await panel.page.waitForTimeout(150);
      assert.equal(await panel.markers().count(), count);
    }
    await emitTo(panel.page, 'progress', { fraction: 0.9, message: 'layer 23 · 1.00 s left' });
    await panel.page.getByText('layer 23 · 1.00 s left').waitFor();
    await panel.page.getByRole('button', { name: 'Cancel' }).click();
    assert.equal((await panel.lastCall())?.method, 'cancel');
  });

  it('says so, keeps what is there, and goes on', async () => {
    await panel.open({ scenario: 'broken' });
    await panel.page.getByText('The run was cancelled. 11 models scored; what is missing can be scored later.').waitFor();
    await panel.page.getByText('(incomplete)').waitFor();
    await panel.page.getByRole('button', { name: 'Go On' }).click();
    await panel.page.getByText('layer 5 · 41% · 12.0 s left').waitFor();
  });

  it('shows why it failed beside what was found', async () => {
    await panel.open({ scenario: 'failed' });
    await panel.page.getByRole('alert').getByText('config.json says 6 layers').waitFor();
    assert.equal(await panel.markers().count(), 4);
    await panel.page.getByRole('button', { name: 'Try Again' }).click();
    assert.equal((await panel.lastCall())?.method, 'goOn');
  });

  it('offers no scoring when the models are gone', async () => {
    await panel.open({ scenario: 'saved' });
    for (const name of ['Refine', 'Add Task…']) assert.equal(await panel.page.getByRole('button', { name }).isDisabled(), true);
    assert.equal(await panel.page.getByRole('button', { name: 'Add Run…' }).isEnabled(), true);
  });
});
