import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: plane', (panel) => {
  it('has a cell for each point, lines of equal loss, and the three models in place', async () => {
    await panel.open({ scenario: 'plane' });
    assert.deepEqual(await panel.page.locator('svg.chart .model text').allTextContents(), ['base-1', 'base-2', 'finetuned-1']);
    assert.equal(await panel.page.locator('svg.chart path.iso').count(), 9);
    await panel.grid('Plane through three models').focus();
    await panel.page.keyboard.press('PageDown');
    await panel.page.keyboard.press('Home');
    assert.match(await panel.page.locator('#focus-cell').innerText(), /x = −0\.25, y = −0\.25: loss 3\.338 ± 0\.021/);
    await panel.page.keyboard.press('Enter');
    await panel.page.getByRole('button', { name: 'Write This Point as a Checkpoint…' }).click();
    assert.deepEqual(await panel.lastCall(), {
      method: 'writePoint',
      params: { overlay: null, place: { kind: 'plane', x: -0.25, y: -0.25 } },
    });
  });
});
