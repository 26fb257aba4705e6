import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import {
  callsOf,
  emitTo,
  errorsOf,
  Harness,
  openingTime,
  type PanelOptions,
  savedStateOf,
  scrollTimes,
  violationsOf,
} from './harness/browser.js';

describe('diff panel in a browser', function () {
  this.timeout(60_000);
  let harness: Harness;
  let page: Page;

  before(async () => (harness = await Harness.start()));
  after(() => harness.stop());

  const open = async (options: PanelOptions = {}): Promise<Page> => (page = await harness.open('diffPanel', options));

  afterEach(async () => {
    assert.deepEqual(errorsOf(page), []);
    assert.deepEqual(await violationsOf(page), []);
    assert.equal(await page.evaluate(() => 'hacked' in globalThis), false);
    await page.close();
  });

  const tensorGrid = () => page.getByRole('grid', { name: 'Tensors' });
  const row = (index: number) => page.locator(`#row-${index}`);
  const cells = (index: number) => row(index).getByRole('gridcell').allTextContents();
  const filterBox = () => page.getByRole('textbox', { name: 'Filter tensors by name' });
  const shownCount = () => tensorGrid().getAttribute('aria-rowcount');

  describe('result', () => {
    it('shows names, architecture, engine and the numbers that matter', async () => {
      await open();
      assert.equal((await page.getByRole('heading', { level: 1 }).innerText()).replace(/\s+/g, ' '), 'base-1 finetuned-1');
      await page.getByText('LlamaForCausalLM · 1.54B parameters → 1.10B parameters · BF16 · 3.08 GB → 2.20 GB').waitFor();
      assert.equal(
        await page.getByText('WebAssembly SIMD, 2 workers').getAttribute('title'),
        'Measured 9.8 GB/s; no GPU adapter was found.',
      );
      const facts = await page.locator('.fact').allInnerTexts();
      assert.deepEqual(facts[0]?.split('\n'), ['Relative change', '0.00343', '‖Δ‖ 2.70 · ‖A‖ 785']);
      assert.deepEqual(facts[1]?.split('\n').slice(0, 2), ['Cosine', '0.9999941']);
      assert.deepEqual(facts[5]?.split('\n').slice(0, 2), ['NaN or ∞', 'none']);
    });

    it('lists tensors by relative change, the largest first', async () => {
      await open();
      assert.equal(await shownCount(), '292');
      assert.deepEqual(await cells(0), [
        'model.layers.31.self_attn.k_proj.weight',
        'changed',
        'BF16',
        '256 × 2048',
        '0.0106',
        '0.999944',
        '0.00204',
        '47.3%',
        '788',
      ]);
    });

    it('shows every status, and NaN, infinity and missing values as what they are', async () => {
      await open({ scenario: 'mixed' });
      assert.deepEqual((await cells(0)).slice(4, 6), ['∞', '–']);
      assert.deepEqual(await page.getByRole('columnheader', { name: '‖Δ‖/‖A‖' }).getAttribute('aria-sort'), 'descending');
      const statuses = await Promise.all(Array.from({ length: 10 }, async (_, index) => (await cells(index))[1]));
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
        'unread',
      ]);
    });

    it('lists findings of the comparison and of both sides, the gravest first', async () => {
      await open({ scenario: 'mixed' });
      await page.getByRole('button', { name: '2 findings' }).click();
      const findings = await page.locator('.findings li').allInnerTexts();
      assert.match(findings[0] ?? '', /^error:\s+3 values of B are NaN or infinite/);
      assert.match(findings[1] ?? '', /^warning:\s+The values of F4 tensors are not read/);
    });

    it('lists structural differences and leads to them in the table', async () => {
      await open({ scenario: 'mixed' });
      await page.getByRole('button', { name: '1 added, 1 removed, 1 reshaped, 1 retyped, 1 grown, 1 unread' }).click();
      await page.getByText('64 × 32 → 32 × 64').first().waitFor();
      await page.locator('rebase-structure section', { hasText: 'only in B' }).getByRole('button', { name: 'Show in Table' }).click();
      assert.equal(await shownCount(), '2');
      assert.equal((await cells(0))[0], 'model.layers.0.mlp.extra.weight');
    });
  });

  describe('table', () => {
    it('sorts by a column, and the other way round on the second click; rows without a value come last', async () => {
      await open({ scenario: 'mixed' });
      const header = page.getByRole('columnheader', { name: 'Cosine' });
      await header.getByRole('button').click();
      assert.equal(await header.getAttribute('aria-sort'), 'ascending');
      const ascending = await Promise.all([0, 4, 5, 9].map(async (index) => (await cells(index))[5]));
      await header.getByRole('button').click();
      assert.equal(await header.getAttribute('aria-sort'), 'descending');
      const descending = await Promise.all([0, 9].map(async (index) => (await cells(index))[5]));
      assert.deepEqual(
        [ascending, descending],
        [
          ['0.999950', '1', '–', '–'],
          ['1', '–'],
        ],
      );
    });

    it('sorts names as people count', async () => {
      await open();
      await page.getByRole('columnheader', { name: 'Tensor' }).getByRole('button').click();
      await filterBox().fill('q_proj');
      const names = await Promise.all([1, 2, 9, 10].map(async (index) => (await cells(index))[0]));
      assert.deepEqual(
        names,
        [1, 2, 9, 10].map((layer) => `model.layers.${layer}.self_attn.q_proj.weight`),
      );
    });

    it('filters by all words of a text and by status', async () => {
      await open();
      await filterBox().fill('LAYERS.3 mlp');
      assert.equal(await shownCount(), String(1 + 3 * 3));
      await filterBox().fill('');
      await page.getByRole('button', { name: 'grown 2' }).click();
      assert.equal(await shownCount(), '3');
      await page.getByRole('button', { name: 'identical 2' }).click();
      assert.equal(await shownCount(), '5');
      await filterBox().fill('nothing is called so');
      await page.getByText('No tensor passes the filter.').waitFor();
    });

    it('is driven by the keyboard: arrows, pages, ends, Enter for details, Escape back', async () => {
      await open();
      await tensorGrid().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      assert.equal(await tensorGrid().getAttribute('aria-activedescendant'), 'row-1');
      await page.keyboard.press('End');
      await page.locator('[aria-activedescendant="row-290"]').waitFor(); // named once the list has scrolled there
      assert.equal(await row(290).getAttribute('aria-rowindex'), '292');
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'model.layers.31.self_attn.k_proj.weight' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('heading', { name: 'model.layers.28.self_attn.k_proj.weight' }).waitFor();
      await page.getByRole('button', { name: 'Close details' }).press('Escape');
      assert.equal(await page.locator('rebase-tensor-detail').count(), 0);
      assert.equal(await tensorGrid().evaluate((grid) => grid.matches(':focus')), true);
    });
  });

  describe('heat map', () => {
    const heatmap = () => page.getByRole('grid', { name: /^Layers by modules/ });

    it('tells the focus cell in words and filters the table by it', async () => {
      await open();
      await heatmap().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      const cell = page.locator('#focus-cell');
      assert.equal((await cell.innerText()).trim(), 'layer 1, self_attn.k_proj: relative change 0.00208');
      await page.keyboard.press('Enter');
      assert.equal(await shownCount(), '2');
      assert.equal((await cells(0))[0], 'model.layers.1.self_attn.k_proj.weight');
      await page.keyboard.press('Enter');
      assert.equal(await shownCount(), '292');
    });

    it('filters by click, and the filter can be taken away', async () => {
      await open();
      await page.locator('canvas[width]').waitFor();
      const box = await heatmap().boundingBox();
      assert.ok(box);
      const position = { x: 70, y: box.height - 12 };
      await heatmap().hover({ position });
      await page
        .locator('.tooltip')
        .getByText(/^layer \d+ · self_attn.q_proj$/)
        .waitFor();
      await heatmap().click({ position });
      const chip = page.getByRole('button', { name: /^Stop showing only layer \d+ · self_attn.q_proj$/ });
      await chip.click();
      assert.equal(await shownCount(), '292');
    });

    it('shows another metric and the same numbers as a table', async () => {
      await open();
      await page.getByRole('button', { name: 'Show as table' }).click();
      const table = page.locator('rebase-heatmap-table table');
      const firstRow = () => table.getByRole('row').nth(2).getByRole('cell').first().innerText();
      assert.equal(await firstRow(), '0.00169');
      await page.locator('vscode-single-select').click();
      await page.getByRole('option', { name: 'Cosine distance' }).click();
      assert.equal(await firstRow(), '1.43e-6');
      assert.equal(await table.getByRole('columnheader').count(), 10);
      assert.equal(await table.getByRole('row').count(), 33);
    });

    it('shows modules outside the layers as cells of their own', async () => {
      await open();
      await page.getByRole('button', { name: 'lm_head: relative change 0.00630' }).click();
      assert.equal((await cells(0))[0], 'lm_head.weight');
      assert.equal(await shownCount(), '2');
    });

    it('paints cells in colours of the theme, and other ones when the theme changes', async () => {
      await open();
      const picture = () =>
        page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
          return canvas.toDataURL();
        });
      const dark = await picture();
      await page.evaluate(() =>
        (globalThis as unknown as { fakeHost: { applyTheme: (name: string) => void } }).fakeHost.applyTheme('light'),
      );
      await page.waitForTimeout(100);
      assert.notEqual(await picture(), dark);
    });
  });

  describe('details of a tensor', () => {
    it('shows all statistics and the histogram with its zero count, and the table behind it', async () => {
      await open();
      await row(0).click();
      const detail = page.locator('rebase-tensor-detail');
      await detail.getByText('0.00204 at [219, 1532]').waitFor();
      await detail.getByText('276,157 unchanged (52.7%)').waitFor();
      await detail.getByRole('button', { name: 'Show histogram as table' }).click();
      assert.equal(await detail.getByRole('row').count(), 1 + 17 + 1);
    });

    it('reads rows, columns and picture on demand, each with its table; tokens show their white space', async () => {
      await open();
      await filterBox().fill('embed');
      await row(0).click();
      const detail = page.locator('rebase-tensor-detail');
      await detail.getByRole('button', { name: 'Show Rows and Picture' }).click();
      const rows = detail.locator('rebase-changed-rows tbody tr');
      assert.equal(await rows.count(), 100);
      assert.deepEqual(
        await rows
          .nth(2)
          .locator('th, td')
          .allTextContents()
          .then((texts) => texts.map((text) => text.trim())),
        ['15,838', '↵', '0.300', '0.167'],
      );
      await detail.getByRole('button', { name: 'Show ‖Δ‖ by row as table' }).click();
      assert.equal(await detail.locator('rebase-profile').first().getByRole('row').count(), 257);
      await detail.getByRole('button', { name: 'Show picture as table' }).click();
      assert.equal(await page.getByRole('grid', { name: 'Blocks of the picture' }).getAttribute('aria-rowcount'), String(64 * 96 + 1));
    });

    it('shows why details cannot be read, and lets try again', async () => {
      await open();
      await filterBox().fill('model.norm');
      await row(0).click();
      await page.getByRole('button', { name: 'Show Rows and Picture' }).click();
      await page.getByText('finetuned-1: the file is gone.').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Try Again' }).isEnabled(), true);
    });

    it('offers no reading for a saved report', async () => {
      await open({ scenario: 'saved' });
      await row(0).click();
      await page.getByText('need the compared files, which are no longer there').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Compare again' }).isDisabled(), true);
    });
  });

  describe('actions', () => {
    const lastCall = async () => (await callsOf(page)).at(-1);

    it('exports, opens text files of both sides, reveals a side', async () => {
      await open();
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: /^Summary/ }).click();
      assert.deepEqual(await lastCall(), { method: 'exportReport', params: { format: 'markdown' } });
      await page.getByRole('button', { name: 'Compare Files' }).press('Enter');
      assert.equal(await page.getByRole('menuitem', { name: 'chat_template.jinja' }).getAttribute('aria-disabled'), 'true');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      assert.deepEqual(await lastCall(), { method: 'diffTextFile', params: { file: 'tokenizer_config.json' } });
      await page.getByRole('button', { name: 'finetuned-1' }).click();
      assert.deepEqual(await lastCall(), { method: 'reveal', params: { side: 'b' } });
      for (const [name, method] of [
        ['Transfer…', 'transfer'],
        ['Interpolate…', 'interpolate'],
      ] as const) {
        await page.getByRole('button', { name }).click();
        assert.equal((await lastCall())?.method, method);
      }
    });

    it('shows the error of a failed action', async () => {
      await open();
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: /^Table of tensors/ }).click();
      await page.getByRole('alert').getByText('The disk is full.').waitFor();
      await page.getByRole('button', { name: 'Dismiss' }).click();
      assert.equal(await page.getByRole('alert').count(), 0);
    });

    it('compares again with an edited prefix map', async () => {
      await open({ scenario: 'mixed' });
      await page.getByRole('button', { name: '1 name rule' }).click();
      await page.getByRole('textbox', { name: 'Prefix in B' }).fill('text_model.');
      await page.getByRole('button', { name: 'Compare Again', exact: true }).click();
      await page.getByText('1.2 GB of 3.3 GB').waitFor();
      const rerun = (await callsOf(page)).find(({ method }) => method === 'rerun');
      assert.deepEqual(rerun?.params, { prefixMap: [{ from: 'text_model.', to: 'model.' }] });
    });
  });

  describe('a job that is not done', () => {
    it('shows progress as it comes and cancels', async () => {
      await open({ scenario: 'running' });
      const bar = page.getByRole('progressbar');
      assert.equal(await bar.getAttribute('aria-valuenow'), '37');
      await emitTo(page, 'progress', { fraction: 0.805, message: '2.6 GB of 3.3 GB' });
      await page.getByText('2.6 GB of 3.3 GB').waitFor();
      assert.equal(await bar.getAttribute('aria-valuenow'), '80');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('The comparison was cancelled. Nothing was changed.').waitFor();
      await page.getByRole('button', { name: 'Compare Again' }).click();
      await page.getByText('1.2 GB of 3.3 GB').waitFor();
    });

    it('shows why it failed and tries again', async () => {
      await open({ scenario: 'failed' });
      await page
        .getByRole('alert')
        .getByText(/the file has 1,073,700,000 bytes/)
        .waitFor();
      await page.getByRole('button', { name: 'Try Again' }).click();
      await page.getByText('1.2 GB of 3.3 GB').waitFor();
    });
  });

  it('keeps filter, sort, metric, selection and scroll over a reload', async () => {
    await open();
    await page.getByRole('button', { name: 'changed 286' }).click();
    await page.getByRole('columnheader', { name: 'max |Δ|' }).getByRole('button').click();
    await page.getByRole('button', { name: 'Show as table' }).click();
    await tensorGrid().evaluate((grid) => (grid.scrollTop = 2200));
    await row(101).click();
    const name = (await cells(101))[0] ?? '';
    await page.waitForTimeout(300);
    const saved = (await savedStateOf(page)) as { restore: unknown; scrollTop: number };
    assert.deepEqual([saved.restore, saved.scrollTop], [{ folder: '/models/base-1' }, 2200]);
    await page.reload();
    await page.getByRole('heading', { name }).waitFor();
    assert.equal(await shownCount(), '287');
    assert.equal(await page.getByRole('columnheader', { name: 'max |Δ|' }).getAttribute('aria-sort'), 'descending');
    assert.equal(await page.locator('rebase-heatmap-table').count(), 1);
    assert.equal(await tensorGrid().evaluate((grid) => grid.scrollTop), 2200);
    assert.equal(await row(101).getAttribute('aria-selected'), 'true');
  });

  it('keeps what the host wants back after a restart, also when nobody touched the panel', async () => {
    await open({ scenario: 'running' });
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    assert.deepEqual(await savedStateOf(page), { restore: { folder: '/models/base-1' } });
  });

  it('shows hostile names, messages and paths as text', async () => {
    await open({ scenario: 'hostile' });
    await page.getByRole('button', { name: '1 finding' }).click();
    await page.locator('.findings').getByText('<script>globalThis.hacked = true</script>').first().waitFor();
    await page.getByRole('button', { name: '1 name rule' }).click();
    await page.getByRole('button', { name: 'Compare Files' }).click();
    await page.keyboard.press('Escape');
    await filterBox().fill('gnp');
    assert.equal((await cells(0))[0], '\\u{202e}gnp.weight');
    await filterBox().fill('script');
    await row(1).click();
    await page.locator('rebase-tensor-detail h2').getByText('<script>').waitFor();
    assert.equal(await page.locator('script:not([nonce])').count(), 0);
  });

  it('reaches every control with the Tab key, and shows where the focus is', async () => {
    await open({ theme: 'hcDark' });
    const reached = new Set<string>();
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
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

  it('opens 100,000 tensors within a second and scrolls them at 60 frames a second', async () => {
    await open({ scenario: 'huge' });
    const opening = await openingTime(page);
    assert.ok(opening < 1000, `opened in ${opening.toFixed(0)} ms`);
    const frames = await scrollTimes(page, 120, 440);
    assert.ok(frames.median <= 17, `median frame ${frames.median.toFixed(1)} ms, p95 ${frames.p95.toFixed(1)} ms`);
    assert.equal(await shownCount(), '100001');
    assert.ok((await page.locator('[role=row]').count()) < 80);
  });
});
