import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: an outside command', (panel) => {
  it('is told of without windows, bars or tolerances, which it has not', async () => {
    await panel.open({ scenario: 'outside' });
    await panel.page.locator('svg.chart').getByText('drop 0.400').waitFor({ state: 'attached' });
    const page = await panel.page
      .locator('rebase-connectivity-header, rebase-evidence, rebase-point-bar')
      .evaluateAll((parts) => parts.map((part) => part.shadowRoot?.textContent ?? '').join('\n'));
    for (const word of ['windows of', 'standard error:', 'counts as none', 'rise']) assert.ok(!page.includes(word), word);
    const { text = '' } = await panel.exported('Picture *.svg');
    assert.ok(!text.includes('standard error'));
  });
});
