import assert from 'node:assert/strict';
import { savedStateOf } from '../harness/browser.js';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: the page', (panel) => {
  it('keeps task, measure, table and order over a reload', async () => {
    await panel.open();
    await panel.choose('Measure', 'Perplexity');
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    await panel.page.getByRole('columnheader', { name: 'Loss' }).getByRole('button').click();
    assert.deepEqual(((await savedStateOf(panel.page)) as { restore: unknown }).restore, { folder: '/models/base-1' });
    await panel.page.reload();
    assert.equal(await panel.page.getByRole('columnheader', { name: 'Loss' }).getAttribute('aria-sort'), 'ascending');
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    await panel.page.locator('svg.chart').getByText('Perplexity', { exact: true }).waitFor({ state: 'attached' });
  });

  it('shows hostile names, formulas and sentences as text', async () => {
    await panel.open({ scenario: 'hostile' });
    await panel.page.getByRole('heading', { level: 1 }).getByText('<script>globalThis.hacked = true</script>').waitFor();
    await panel.page.getByRole('button', { name: '1 finding' }).click();
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    await panel.page.locator('#row-5').click();
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    const { text = '' } = await panel.exported('Picture *.svg');
    assert.ok(!text.includes('<script'));
  });

  it('reaches every control with the Tab key', async () => {
    await panel.open({ scenario: 'overlaid', theme: 'hcDark' });
    const reached = new Set<string>();
    for (let step = 0; step < 24; step++) {
      await panel.page.keyboard.press('Tab');
      const name = await panel.page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? '';
      });
      reached.add(name.split('.')[0] ?? '');
    }
    for (const name of [
      'Refine',
      'Add Task…',
      'Add Run…',
      'Export',
      'Save Run…',
      '1 finding',
      'Remove base-1 ↔ base-1b',
      'Show as table',
      'Curve of loss',
    ]) {
      assert.ok(reached.has(name), `${name} is not reached: ${[...reached].join(' | ')}`);
    }
  });
});
