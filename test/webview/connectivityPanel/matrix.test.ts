import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: matrix', (panel) => {
  const focusCell = () =>
    panel.page
      .locator('#focus-cell')
      .innerText()
      .then((text) => text.trim());

  it('holds bases, transfers and fine-tunes, each against the base of its target', async () => {
    await panel.open({ scenario: 'matrix' });
    await panel.grid('Sources by targets').focus();
    await panel.page.keyboard.press('Home');
    assert.match(await focusCell(), /^M1 · Base: loss 3\.600 ± 0\.021/);
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('ArrowDown');
    assert.match(
      await focusCell(),
      /^M2 · \+ Δ M1: loss 2\.950 ± 0\.021 nats per token, against the base better by 0\.5500 nats per token, gain recovered 69%/,
    );
    await panel.page.keyboard.press('ArrowLeft');
    assert.equal(await focusCell(), 'M1 · + Δ M1: not scored');
    await panel.page.keyboard.press('End');
    assert.match(await focusCell(), /NaN or ∞ in model\.norm\.weight \(4\)/);
    await panel.page.keyboard.press('PageDown');
    assert.equal(await focusCell(), 'M4 · Fine-tuned: not scored');
  });

  it('shows a dash where nothing is scored', async () => {
    await panel.open({ scenario: 'matrix' });
    assert.equal(await panel.page.locator('svg.chart text').getByText('–', { exact: true }).count(), 4);
  });

  it('colours by gain: equal gains alike, losses otherwise, the base as the background', async () => {
    await panel.open({ scenario: 'matrix' });
    const fills = await panel.page.locator('svg.chart rect.cell').evaluateAll((rects) => rects.map((rect) => rect.getAttribute('fill')));
    const [base, , , , helped, harmed] = fills;
    assert.equal(new Set(fills.slice(0, 4)).size, 1);
    assert.equal(new Set([base, helped, harmed]).size, 3);
  });

  it('writes a transfer, but no model that is a checkpoint already', async () => {
    await panel.open({ scenario: 'matrix' });
    const write = panel.page.getByRole('button', { name: 'Write This Point as a Checkpoint…' });
    await panel.grid('Sources by targets').focus();
    await panel.page.keyboard.press('Enter');
    assert.equal(await write.isDisabled(), true);
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await write.click();
    assert.deepEqual(await panel.lastCall(), {
      method: 'writePoint',
      params: { overlay: null, place: { kind: 'matrix', source: 0, target: 1 } },
    });
  });

  it('has the same numbers in its table', async () => {
    await panel.open({ scenario: 'matrix' });
    await panel.page.getByRole('button', { name: 'Show as table' }).click();
    assert.equal(await panel.grid('Models of the matrix').getAttribute('aria-rowcount'), String(1 + 4 + 9 + 3));
    const row = await panel.cells(4);
    assert.deepEqual([row[0], row[1], row[2], row[8]], ['M2', '+ Δ M1', '2.9500', '69% ± 3%']);
  });
});
