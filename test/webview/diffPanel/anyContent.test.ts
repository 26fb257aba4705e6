import assert from 'node:assert/strict';
import { openingTime, scrollTimes } from '../harness/browser.js';
import { describeDiffPanel } from '../harness/diffPanel.js';
import { leastBelow } from '../../support/stopwatch.js';

describeDiffPanel('diff panel: any names, any keyboard, any size', (panel) => {
  it('shows hostile names, messages and paths as text', async () => {
    await panel.open({ scenario: 'hostile' });
    await panel.page.getByRole('button', { name: '1 finding' }).click();
    await panel.page.locator('.findings').getByText('<script>globalThis.hacked = true</script>').first().waitFor();
    await panel.page.getByRole('button', { name: '1 name rule' }).click();
    await panel.page.getByRole('button', { name: 'Compare Files' }).click();
    await panel.page.keyboard.press('Escape');
    await panel.filterBox().fill('gnp');
    assert.equal(await panel.name(0), '\\u202egnp.weight');
    await panel.filterBox().fill('script');
    await panel.row(1).click();
    await panel.page.locator('rebase-tensor-detail h2').getByText('<script>').waitFor();
    assert.equal(await panel.page.locator('script:not([nonce])').count(), 0);
  });

  it('reaches every control with the Tab key, and shows where the focus is', async () => {
    await panel.open({ theme: 'hcDark' });
    const reached = new Set<string>();
    for (let step = 0; step < 40; step++) {
      await panel.page.keyboard.press('Tab');
      const name = await panel.page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent.trim().split(/\s{2,}/)[0] ?? '';
      });
      reached.add(name);
    }
    for (const name of [
      'base-1',
      'Export',
      'Compare again',
      '2 findings',
      'Show as table',
      'Tensors',
      'Width of the heat map',
      'Filter tensors by name',
    ]) {
      assert.ok(reached.has(name), `${name} is not among ${[...reached].join(' | ')}`);
    }
  });

  it('opens 100,000 tensors within a second and scrolls them at 60 frames a second', async function () {
    this.timeout(240_000); // up to eight tries of both
    const opening = await leastBelow(1000, async () => {
      await panel.open({ scenario: 'huge' });
      return openingTime(panel.page);
    });
    assert.ok(opening < 1000, `opened in ${opening.toFixed(0)} ms`);
    const median = await leastBelow(17, async () => (await scrollTimes(panel.page, 120, 440)).median);
    assert.ok(median < 17, `median frame ${median.toFixed(1)} ms`);
    assert.equal(await panel.shownCount(), '100001');
    assert.ok((await panel.page.locator('[role=row]').count()) < 80);
  });
});
