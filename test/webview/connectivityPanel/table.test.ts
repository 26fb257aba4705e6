import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: table', (panel) => {
  it('holds every point with all measures, sorts, and chooses a point', async () => {
    await panel.open();
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    assert.equal(await panel.grid('Points').getAttribute('aria-rowcount'), '12');
    assert.deepEqual((await panel.cells(0)).slice(0, 6), ['base-1 ↔ base-2', '0', '3.2000', '0.0210', '1.4205', '0.00932']);
    await panel.page.getByRole('columnheader', { name: 'Loss' }).getByRole('button').click();
    assert.equal((await panel.cells(0))[1], '1');
    await panel.page.getByRole('columnheader', { name: 'Loss' }).getByRole('button').click();
    assert.deepEqual((await panel.cells(0)).slice(1, 3), ['0.5', '3.5700']);
    await panel.page.locator('#row-0').click();
    await panel.page.getByRole('button', { name: 'Write This Point as a Checkpoint…' }).click();
    assert.deepEqual(await panel.lastCall(), { method: 'writePoint', params: { overlay: null, place: { kind: 'line', at: 0.5 } } });
  });

  it('names the tensors that are not finite, and puts their rows last', async () => {
    await panel.open({ scenario: 'broken' });
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    await panel.page.getByRole('columnheader', { name: 'Loss' }).getByRole('button').click();
    assert.equal((await panel.cells(10))[2], 'NaN');
    assert.equal((await panel.cells(10)).at(-1), 'NaN or ∞ in model.layers.3.mlp.up_proj.weight (17) and 1 more tensor');
    assert.equal((await panel.cells(9))[2], '∞');
  });
});
