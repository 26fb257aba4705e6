import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: what is said beside a point', (panel) => {
  for (const scenario of ['barrier', 'matrix', 'plane']) {
    it(`closes with Escape, keeps the focus, and comes back at the next point (${scenario})`, async () => {
      await panel.open({ scenario });
      const [stage, tooltip] = [panel.page.locator('.stage'), panel.page.locator('.tooltip')];
      await stage.focus();
      await panel.page.keyboard.press('Home');
      await tooltip.waitFor();
      await panel.page.keyboard.press('Escape');
      await tooltip.waitFor({ state: 'detached' });
      assert.equal(await stage.evaluate((element) => element.matches(':focus')), true);
      await panel.page.keyboard.press('ArrowRight');
      await tooltip.waitFor();
    });
  }

  it('closes with Escape under the pointer too, and stays closed there', async () => {
    await panel.open({ scenario: 'plane' });
    const tooltip = panel.page.locator('.tooltip');
    const { x, y } = (await panel.page.locator('svg.chart > rect').nth(30).boundingBox())!;
    await panel.page.mouse.move(x + 4, y + 4);
    await tooltip.waitFor();
    await panel.page.keyboard.press('Escape');
    await tooltip.waitFor({ state: 'detached' });
    await panel.page.mouse.move(x + 6, y + 5);
    await panel.page.waitForTimeout(100);
    assert.equal(await tooltip.count(), 0);
    await panel.page.mouse.move(x - 20, y + 5);
    await tooltip.waitFor();
  });
});
