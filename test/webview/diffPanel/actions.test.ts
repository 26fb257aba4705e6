import assert from 'node:assert/strict';
import { callsOf } from '../harness/browser.js';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: actions', (panel) => {
  const lastCall = async () => (await callsOf(panel.page)).at(-1);

  it('exports, opens text files of both sides, reveals a side', async () => {
    await panel.open();
    await panel.page.getByRole('button', { name: 'Export' }).click();
    await panel.page.getByRole('menuitem', { name: /^Summary/ }).click();
    assert.deepEqual(await lastCall(), { method: 'exportReport', params: { format: 'markdown' } });
    await panel.page.getByRole('button', { name: 'Compare Files (1)' }).press('Enter');
    await panel.page.getByRole('menuitem', { name: 'tokenizer_config.json differs' }).waitFor();
    await panel.page.getByRole('menuitem', { name: 'config.json same' }).first().waitFor();
    assert.equal(await panel.page.getByRole('menuitem', { name: 'chat_template.jinja' }).getAttribute('aria-disabled'), 'true');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await lastCall(), { method: 'diffTextFile', params: { file: 'tokenizer_config.json' } });
    await panel.page.getByRole('button', { name: 'finetuned-1' }).click();
    assert.deepEqual(await lastCall(), { method: 'reveal', params: { side: 'b' } });
    for (const [name, method] of [
      ['Swap sides', 'swap'],
      ['Transfer…', 'transfer'],
      ['Interpolate…', 'interpolate'],
    ] as const) {
      await panel.page.getByRole('button', { name }).click();
      assert.equal((await lastCall())?.method, method);
    }
  });

  it('keeps a result when comparing again failed, and says so', async () => {
    await panel.open({ scenario: 'kept' });
    await panel.page.getByRole('alert').getByText('Comparing again failed: the file is gone. This is the result of before.').waitFor();
    await panel.row(0).waitFor();
  });

  it('shows one part at a time where it is narrow', async () => {
    await panel.open({ width: 395 });
    const tab = (name: string) => panel.page.getByRole('tab', { name });
    const visible = async () =>
      Promise.all(
        ['rebase-heatmap-view', 'rebase-tensors-view', 'rebase-tensor-detail'].map((part) => panel.page.locator(part).isVisible()),
      );
    assert.deepEqual(await visible(), [true, false, false]);
    assert.equal(await tab('Details').isDisabled(), true);
    await tab('Table').click();
    assert.deepEqual(await visible(), [false, true, false]);
    await panel.page.locator('rebase-tensors-view .header > :nth-child(4)').waitFor();
    assert.deepEqual(
      (await panel.tensorGrid().getByRole('columnheader').allInnerTexts()).map((text) => text.replace(/\s*[▾▴]/, '')),
      ['Layer', 'Tensor', '‖Δ‖/‖A‖', 'Cosine'],
    );
    await panel.row(0).click();
    assert.deepEqual(await visible(), [false, false, true]);
    await panel.page.getByRole('button', { name: 'Close details' }).click();
    assert.deepEqual(await visible(), [false, true, false]);
    assert.equal(await panel.page.evaluate(() => document.body.scrollWidth), 395);
  });

  it('shows the error of a failed action', async () => {
    await panel.open();
    await panel.page.getByRole('button', { name: 'Export' }).click();
    await panel.page.getByRole('menuitem', { name: /^Table of tensors/ }).click();
    await panel.page.getByRole('alert').getByText('The disk is full.').waitFor();
    await panel.page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await panel.page.getByRole('alert').count(), 0);
  });

  it('says why names were matched, and compares again with edited rules', async () => {
    await panel.open({ scenario: 'mixed' });
    await panel.page.getByRole('button', { name: '2 name rules' }).click();
    await panel.page.getByRole('row', { name: '1 prefix language_model.model. is model.' }).waitFor();
    const rules = panel.page.getByRole('textbox', { name: 'Name rules' });
    assert.equal(await rules.inputValue(), 'old.*=model.$1');
    await rules.fill('older.*=model.$1\n\nx?=y$1');
    await panel.page.getByRole('textbox', { name: 'Prefix in B' }).fill('text_model.');
    await panel.page.getByRole('button', { name: 'Compare Again', exact: true }).click();
    await panel.page.getByText('1.2 GB of 3.3 GB').waitFor();
    const rerun = (await callsOf(panel.page)).find(({ method }) => method === 'rerun');
    assert.deepEqual(rerun?.params, { prefixMap: [{ from: 'text_model.', to: 'model.' }], nameRules: ['older.*=model.$1', 'x?=y$1'] });
  });
});
