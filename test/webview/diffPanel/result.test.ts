import assert from 'node:assert/strict';
import { describeDiffPanel } from '../harness/diffPanel.js';

describeDiffPanel('diff panel: result', (panel) => {
  it('shows names, architecture, engine and the numbers that matter', async () => {
    await panel.open();
    assert.equal((await panel.page.getByRole('heading', { level: 1 }).innerText()).replace(/\s+/g, ' '), 'base-1 finetuned-1');
    await panel.page.getByText('LlamaForCausalLM · 1.54B parameters → 1.10B parameters · BF16 · 3.08 GB → 2.20 GB').waitFor();
    assert.equal(
      await panel.page.getByText('WebAssembly SIMD, 2 workers').getAttribute('title'),
      'Measured 9.8 GB/s; no GPU adapter was found.',
    );
    const facts = await panel.page.locator('.fact').allInnerTexts();
    assert.deepEqual(facts[0]?.split('\n'), ['Relative change', '0.00343', '‖Δ‖ 2.70 · ‖A‖ 785']);
    assert.deepEqual(facts[1]?.split('\n').slice(0, 2), ['Cosine', '0.9999941']);
    assert.deepEqual(facts[5]?.split('\n').slice(0, 2), ['NaN or ∞', 'none']);
  });

  it('says first what share of the parameters was compared, and what differs beside the tensors', async () => {
    await panel.open({ scenario: 'partly' });
    const facts = await panel.page.locator('.fact').allInnerTexts();
    assert.deepEqual(facts[0]?.split('\n'), ['Compared', '33.3%', '2.05K of 6.14K parameters']);
    await panel.page.getByText('BF16 → bitsandbytes nf4', { exact: false }).first().waitFor();
    await panel.page.getByRole('button', { name: '2 differences beside the tensors' }).click();
    const rows = await panel.page.locator('.companions tbody tr').allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.split('\t')),
      [
        ['Setting', 'quantization_config', 'not set', '{"quant_method":"bitsandbytes"}'],
        ['Metadata', 'format', 'pt', '–'],
      ],
    );
  });

  it('says that identical versions are identical', async () => {
    await panel.open({ scenario: 'identical' });
    await panel.page.getByText('Identical: every byte of every tensor').waitFor();
    assert.equal(await panel.page.locator('.fact').first().innerText(), 'Relative change\n0\n‖Δ‖ 0 · ‖A‖ 0.905');
  });

  it('lists tensors by relative change, the largest first', async () => {
    await panel.open();
    assert.equal(await panel.shownCount(), '292');
    assert.equal(await panel.name(0), 'model.layers.31.self_attn.k_proj.weight');
    assert.deepEqual(await panel.cells(0), [
      '31',
      'self_attn.k_proj.weight',
      'changed',
      '0.0106',
      '0.999944',
      '',
      '47.3%',
      '0.00204',
      '788',
      '256 × 2048',
      'BF16',
    ]);
  });

  it('shows every status, and NaN, infinity and missing values as what they are', async () => {
    await panel.open({ scenario: 'mixed' });
    assert.deepEqual([await panel.cell(0, '‖Δ‖/‖A‖'), await panel.cell(0, 'Cosine')], ['∞', '–']);
    assert.deepEqual(await panel.page.getByRole('columnheader', { name: '‖Δ‖/‖A‖' }).getAttribute('aria-sort'), 'descending');
    const statuses = await Promise.all(Array.from({ length: 11 }, (_, index) => panel.cell(index, 'Status')));
    assert.deepEqual(statuses.toSorted(), [
      'added',
      'changed',
      'changed',
      'changed',
      'grown',
      'identical',
      'removed',
      'reshaped',
      'retyped',
      'shrunk',
      'unread',
    ]);
  });

  it('lists findings of the comparison and of both sides, the gravest first', async () => {
    await panel.open({ scenario: 'mixed' });
    await panel.page.getByRole('button', { name: '2 findings' }).click();
    const findings = await panel.page.locator('.findings li').allInnerTexts();
    assert.match(findings[0] ?? '', /^error:\s+3 values of B are NaN or infinite/);
    assert.match(findings[1] ?? '', /^warning:\s+The values of F4 tensors are not read/);
  });

  it('lists structural differences and leads to them in the table', async () => {
    await panel.open({ scenario: 'mixed' });
    await panel.page.getByRole('button', { name: '1 added, 1 removed, 1 reshaped, 1 retyped, 1 grown, 1 shrunk, 1 unread' }).click();
    await panel.page.getByText('64 × 32 → 32 × 64').first().waitFor();
    await panel.page.locator('rebase-structure section', { hasText: 'only in B' }).getByRole('button', { name: 'Show in Table' }).click();
    assert.equal(await panel.shownCount(), '2');
    assert.equal(await panel.name(0), 'model.layers.0.mlp.extra.weight');
  });
});
