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
    await panel.page.getByRole('button', { name: 'Compare Files' }).press('Enter');
    assert.equal(await panel.page.getByRole('menuitem', { name: 'chat_template.jinja' }).getAttribute('aria-disabled'), 'true');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await lastCall(), { method: 'diffTextFile', params: { file: 'tokenizer_config.json' } });
    await panel.page.getByRole('button', { name: 'finetuned-1' }).click();
    assert.deepEqual(await lastCall(), { method: 'reveal', params: { side: 'b' } });
    for (const [name, method] of [
      ['Transfer…', 'transfer'],
      ['Interpolate…', 'interpolate'],
    ] as const) {
      await panel.page.getByRole('button', { name }).click();
      assert.equal((await lastCall())?.method, method);
    }
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
