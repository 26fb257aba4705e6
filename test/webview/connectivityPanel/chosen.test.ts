import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: the chosen point', (panel) => {
  const bar = () => panel.page.locator('rebase-point-bar dl').innerText();

  it('is told in the task and measure that are shown', async () => {
    await panel.open();
    await panel.chart().focus();
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('Enter');
    assert.match(await bar(), /Loss\s+3\.200 ± 0\.021 nats per token/);
    await panel.choose('Measure', 'Perplexity');
    assert.match(await bar(), /Perplexity\s+24\.53 ± 0\.52/);
    await panel.choose('Task', 'questions.jsonl');
    assert.match(await bar(), /Accuracy\s+0\.650 ± 0\.034/);
  });

  for (const [scenario, ring] of [
    ['barrier', '.pointed'],
    ['matrix', 'rect.chosen'],
    ['plane', 'rect.chosen'],
  ] as const) {
    it(`has no ring any more once no point is chosen (${scenario})`, async () => {
      await panel.open({ scenario });
      await panel.page.locator('.stage').focus();
      await panel.page.keyboard.press('Home');
      await panel.page.keyboard.press('Enter');
      await panel.page.getByRole('button', { name: 'Choose no point' }).click();
      await panel.page.getByText('Choose a point to write it as a checkpoint.').waitFor();
      assert.equal(await panel.page.locator(`svg.chart ${ring}`).count(), 0);
    });
  }
});
