import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: export', (panel) => {
  it('gives an SVG that needs nothing else, in the colours of the theme', async () => {
    await panel.open({ theme: 'light' });
    const { format, text = '' } = await panel.exported('Picture *.svg');
    assert.equal(format, 'svg');
    assert.ok(text.startsWith('<svg xmlns="http://www.w3.org/2000/svg"'));
    for (const foreign of ['var(--', 'class=', 'style=', 'href', '<!--']) assert.ok(!text.includes(foreign), foreign);
    for (const said of ['base-1 ↔ base-2', 'english.txt · bars: ± one standard error', 'rise 0.420 ± 0.012'])
      assert.ok(text.includes(said), said);
    const colour = await panel.page.locator('svg.chart polyline.curve').evaluate((line) => getComputedStyle(line).stroke);
    assert.ok(text.includes(`stroke="${colour}"`));
    const drawn = await panel.page.evaluate((svg) => {
      const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
      return [
        parsed.querySelectorAll('parsererror').length,
        parsed.querySelectorAll('polyline').length,
        parsed.documentElement.getAttribute('width'),
      ];
    }, text);
    assert.deepEqual(drawn, [0, 2, '1280']);
  });

  it('gives a PNG of twice the pixels, also from the table', async () => {
    await panel.open({ scenario: 'matrix' });
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    const { bytes = {} } = await panel.exported('Picture *.png');
    const file = Buffer.from(Object.values(bytes));
    assert.equal(file.subarray(1, 4).toString(), 'PNG');
    assert.equal(file.readUInt32BE(16), 2 * 1280);
    assert.ok(file.length > 5000);
    assert.equal(await panel.grid('Models of the matrix').count(), 1);
  });

  it('asks the host for tables and runs, and shows why one failed', async () => {
    await panel.open();
    await panel.page.getByRole('button', { name: 'Export' }).click();
    await panel.page.getByRole('menuitem', { name: 'Table of scores' }).click();
    assert.equal((await panel.lastCall())?.method, 'exportTable');
    await panel.page.getByRole('button', { name: 'Save Run…' }).click();
    await panel.page.getByRole('alert').getByText('The disk is full.').waitFor();
  });
});
