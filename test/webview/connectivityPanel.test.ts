import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { callsOf, emitTo, errorsOf, Harness, type PanelOptions, savedStateOf, violationsOf } from './harness/browser.js';
import { barrierRun, partialRun } from './harness/connectivityFixtures.js';

interface ExportedCall {
  readonly method: string;
  readonly params: { readonly format: string; readonly text?: string; readonly bytes?: Readonly<Record<string, number>> };
}

describe('connectivity panel in a browser', function () {
  this.timeout(60_000);
  let harness: Harness;
  let page: Page;

  before(async () => (harness = await Harness.start()));
  after(() => harness.stop());

  const open = async (options: PanelOptions = {}): Promise<Page> =>
    (page = await harness.open('connectivityPanel', { scenario: 'barrier', ...options }));

  afterEach(async () => {
    assert.deepEqual(errorsOf(page), []);
    assert.deepEqual(await violationsOf(page), []);
    assert.equal(await page.evaluate(() => 'hacked' in globalThis), false);
    await page.close();
  });

  const chart = (): Locator => page.getByRole('slider');
  const shown = (): Promise<string | null> => chart().getAttribute('aria-valuetext');
  const markers = (): Locator => page.locator('svg.chart path.marker');
  const grid = (name: string): Locator => page.getByRole('grid', { name });
  const cells = (row: number): Promise<string[]> => page.locator(`#row-${row}`).getByRole('gridcell').allTextContents();
  const lastCall = async () => (await callsOf(page)).at(-1);

  async function choose(label: string, option: string): Promise<void> {
    await page.locator(`vscode-single-select[label="${label}"]`).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  }

  async function exported(item: string): Promise<ExportedCall['params']> {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await page.waitForFunction(
      () => (globalThis as unknown as { fakeHost: { calls: { method: string }[] } }).fakeHost.calls.at(-1)?.method === 'exportPicture',
    );
    return ((await lastCall()) as unknown as ExportedCall).params;
  }

  describe('curve', () => {
    it('tells every point as the run has it, in the measure that is chosen', async () => {
      await open();
      const { points } = barrierRun();
      await chart().focus();
      await page.keyboard.press('Home');
      for (const { at, scores } of points) {
        const [score] = scores;
        assert.ok(score?.kind === 'loss');
        assert.equal(await shown(), `base-1 ↔ base-2, α = ${at}: loss ${score.loss.toFixed(3)} ± 0.021`);
        await page.keyboard.press('ArrowRight');
      }
      await choose('Measure', 'Bits per byte');
      const last = points.at(-1)?.scores[0];
      assert.ok(last?.kind === 'loss');
      await chart().focus();
      await page.keyboard.press('End');
      assert.ok((await shown())?.includes(`bits per byte ${(last.loss / Math.LN2 / 3.25).toFixed(4)} ±`), (await shown()) ?? '');
      await choose('Measure', 'Perplexity');
      await chart().focus();
      await page.keyboard.press('End');
      assert.ok((await shown())?.includes(`perplexity ${Math.exp(last.loss).toFixed(2)} ± ${(0.021 * Math.exp(last.loss)).toFixed(2)}`));
    });

    it('draws each point at its place, with bars of one standard error', async () => {
      await open();
      assert.equal(await markers().count(), 11);
      const drawn = await page.locator('svg.chart').evaluate((svg) => {
        const ticks = [...svg.querySelectorAll('.axes text[text-anchor=end]')].map((text) => ({
          y: Number(text.getAttribute('y')) - 4,
          value: Number(text.textContent.replace('−', '-')),
        }));
        const centres = [...svg.querySelectorAll('path.marker')].map((path) =>
          Number(/ ([\d.]+)\)/.exec(path.getAttribute('transform') ?? '')?.[1]),
        );
        const bars = [...svg.querySelectorAll<SVGPathElement>('path.error')].map((path) => path.getBBox().height);
        return { ticks, centres, bars };
      });
      const [low, high] = [drawn.ticks[0]!, drawn.ticks.at(-1)!];
      const perPixel = (high.value - low.value) / (high.y - low.y);
      barrierRun().points.forEach(({ scores: [score] }, index) => {
        assert.ok(score?.kind === 'loss');
        const value = low.value + (drawn.centres[index]! - low.y) * perPixel;
        assert.ok(Math.abs(value - score.loss) < 0.002, `${value} at ${index}`);
        assert.ok(Math.abs(drawn.bars[index]! * Math.abs(perPixel) - 2 * 0.021) < 0.001);
      });
    });

    it('marks the barrier and says beside it what it means and what else is known', async () => {
      await open();
      await page.locator('svg.chart').getByText('rise 0.420 ± 0.012 nats per token').waitFor({ state: 'attached' });
      const facts = await page.locator('.fact').allInnerTexts();
      assert.deepEqual(
        facts.map((fact) => fact.split('\n').slice(0, 2)),
        [
          ['Verdict', 'Barrier'],
          ['Largest rise', '0.420 ± 0.012'],
          ['‖mₜ − mₛ‖', '12.3'],
        ],
      );
      const sentences = await page.getByRole('list', { name: 'What the scores say' }).getByRole('listitem').allInnerTexts();
      assert.match(sentences.join('\n'), /Barrier on english\.txt[^]*base-2 is ahead of base-1/);
    });

    it('shows another task with its own measures and verdict', async () => {
      await open();
      await choose('Task', 'questions.jsonl');
      await page.locator('svg.chart').getByText('Accuracy', { exact: true }).waitFor({ state: 'attached' });
      await page.getByText('Not decided on questions.jsonl').waitFor();
      await chart().focus();
      await page.keyboard.press('Home');
      assert.match((await shown()) ?? '', /α = 0: accuracy 0\.650 ± 0\.034/);
    });

    it('shows points that are not finite where they are, and names the tensor', async () => {
      await open({ scenario: 'broken' });
      assert.equal(await markers().count(), 9);
      assert.deepEqual(await page.locator('svg.chart .not-finite').allTextContents(), ['NaN', '∞']);
      await chart().focus();
      await page.keyboard.press('Home');
      for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight');
      assert.equal(
        await shown(),
        'base-1 ↔ base-2, α = 0.5: loss NaN, NaN or ∞ in model.layers.3.mlp.up_proj.weight (17) and 1 more tensor',
      );
      await page.locator('.tooltip').getByText('model.layers.3.mlp.up_proj.weight').waitFor();
    });

    it('lays runs over each other, told apart by marker and name, and takes them away', async () => {
      await open({ scenario: 'overlaid' });
      const shapes = await page
        .locator('svg.chart path.marker')
        .evaluateAll((paths) => new Set(paths.map((path) => path.getAttribute('d'))).size);
      assert.equal(shapes, 2);
      await page.getByText('base-2 + λ·(finetuned-1 − base-1) was not scored on english.txt.').waitFor();
      await chart().focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      assert.match((await shown()) ?? '', /^base-1 ↔ base-1b, α = 0: loss 3\.200 ± 0\.015/);
      await page.getByRole('button', { name: 'Remove base-1 ↔ base-1b' }).click();
      await markers().nth(11).waitFor({ state: 'detached' });
      assert.equal(await markers().count(), 11);
      assert.deepEqual(await lastCall(), { method: 'removeRun', params: { overlay: 0 } });
    });

    it('marks the best λ of a sweep, and λ = 0 and 1', async () => {
      await open({ scenario: 'sweep' });
      assert.deepEqual(await page.locator('svg.chart .guide text').allTextContents(), ['λ = 0', 'λ = 1']);
      assert.equal(await page.locator('svg.chart .chord').count(), 0);
      const [ring, marker] = await page.locator('svg.chart').evaluate((svg) => {
        const best = svg.querySelectorAll('path.marker')[8]?.getAttribute('transform');
        const circle = svg.querySelector('circle.optimum');
        return [`translate(${circle?.getAttribute('cx')} ${circle?.getAttribute('cy')})`, best];
      });
      assert.equal(ring, marker); // point 8 of 15 from −0.25 is λ = 0.75
      const facts = await page.locator('.fact').allInnerTexts();
      assert.deepEqual(facts[0]?.split('\n').slice(0, 2), ['Best λ', '0.75']);
    });
  });

  describe('table', () => {
    it('holds every point with all measures, sorts, and chooses a point', async () => {
      await open();
      await page.getByRole('button', { name: 'Show as table' }).click();
      assert.equal(await grid('Points').getAttribute('aria-rowcount'), '12');
      assert.deepEqual((await cells(0)).slice(0, 6), ['base-1 ↔ base-2', '0', '3.2000', '0.0210', '1.4205', '0.00932']);
      await page.getByRole('columnheader', { name: 'Loss' }).getByRole('button').click();
      assert.equal((await cells(0))[1], '1');
      await page.getByRole('columnheader', { name: 'Loss' }).getByRole('button').click();
      assert.deepEqual((await cells(0)).slice(1, 3), ['0.5', '3.5700']);
      await page.locator('#row-0').click();
      await page.getByRole('button', { name: 'Write This Point as a Checkpoint…' }).click();
      assert.deepEqual(await lastCall(), { method: 'writePoint', params: { overlay: null, place: { kind: 'line', at: 0.5 } } });
    });

    it('names the tensors that are not finite, and puts their rows last', async () => {
      await open({ scenario: 'broken' });
      await page.getByRole('button', { name: 'Show as table' }).click();
      await page.getByRole('columnheader', { name: 'Loss' }).getByRole('button').click();
      assert.equal((await cells(10))[2], 'NaN');
      assert.equal((await cells(10)).at(-1), 'NaN or ∞ in model.layers.3.mlp.up_proj.weight (17) and 1 more tensor');
      assert.equal((await cells(9))[2], '∞');
    });
  });

  describe('matrix', () => {
    const focusCell = () =>
      page
        .locator('#focus-cell')
        .innerText()
        .then((text) => text.trim());

    it('holds bases, transfers and fine-tunes, each against the base of its target', async () => {
      await open({ scenario: 'matrix' });
      await grid('Sources by targets').focus();
      await page.keyboard.press('Home');
      assert.match(await focusCell(), /^M1 · Base: loss 3\.600 ± 0\.021/);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      assert.match(await focusCell(), /^M2 · \+ Δ M1: loss 2\.950 ± 0\.021, against the base better by 0\.5500, gain recovered 69%/);
      await page.keyboard.press('ArrowLeft');
      assert.equal(await focusCell(), 'M1 · + Δ M1: not scored');
      await page.keyboard.press('End');
      assert.match(await focusCell(), /NaN or ∞ in model\.norm\.weight \(4\)/);
      await page.keyboard.press('PageDown');
      assert.equal(await focusCell(), 'M4 · Fine-tuned: not scored');
    });

    it('colours by gain: equal gains alike, losses otherwise, the base as the background', async () => {
      await open({ scenario: 'matrix' });
      const fills = await page.locator('svg.chart rect.cell').evaluateAll((rects) => rects.map((rect) => rect.getAttribute('fill')));
      const [base, , , , helped, harmed] = fills;
      assert.equal(new Set(fills.slice(0, 4)).size, 1);
      assert.equal(new Set([base, helped, harmed]).size, 3);
    });

    it('writes a transfer, but no model that is a checkpoint already', async () => {
      await open({ scenario: 'matrix' });
      const write = page.getByRole('button', { name: 'Write This Point as a Checkpoint…' });
      await grid('Sources by targets').focus();
      await page.keyboard.press('Enter');
      assert.equal(await write.isDisabled(), true);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await write.click();
      assert.deepEqual(await lastCall(), {
        method: 'writePoint',
        params: { overlay: null, place: { kind: 'matrix', source: 0, target: 1 } },
      });
    });

    it('has the same numbers in its table', async () => {
      await open({ scenario: 'matrix' });
      await page.getByRole('button', { name: 'Show as table' }).click();
      assert.equal(await grid('Models of the matrix').getAttribute('aria-rowcount'), String(1 + 4 + 9 + 3));
      const row = await cells(4);
      assert.deepEqual([row[0], row[1], row[2], row[8]], ['M2', '+ Δ M1', '2.9500', '69%']);
    });
  });

  describe('plane', () => {
    it('has a cell for each point, lines of equal loss, and the three models in place', async () => {
      await open({ scenario: 'plane' });
      assert.deepEqual(await page.locator('svg.chart .model text').allTextContents(), ['base-1', 'base-2', 'finetuned-1']);
      assert.equal(await page.locator('svg.chart path.iso').count(), 9);
      await grid('Plane through three models').focus();
      await page.keyboard.press('PageDown');
      await page.keyboard.press('Home');
      assert.match(await page.locator('#focus-cell').innerText(), /x = −0\.25, y = −0\.25: loss 3\.338 ± 0\.021/);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Write This Point as a Checkpoint…' }).click();
      assert.deepEqual(await lastCall(), { method: 'writePoint', params: { overlay: null, place: { kind: 'plane', x: -0.25, y: -0.25 } } });
    });
  });

  describe('export', () => {
    it('gives an SVG that needs nothing else, in the colours of the theme', async () => {
      await open({ theme: 'light' });
      const { format, text = '' } = await exported('Picture *.svg');
      assert.equal(format, 'svg');
      assert.ok(text.startsWith('<svg xmlns="http://www.w3.org/2000/svg"'));
      for (const foreign of ['var(--', 'class=', 'style=', 'href', '<!--']) assert.ok(!text.includes(foreign), foreign);
      for (const said of ['base-1 ↔ base-2', 'english.txt · bars: ± one standard error', 'rise 0.420 ± 0.012'])
        assert.ok(text.includes(said), said);
      const colour = await page.locator('svg.chart polyline.curve').evaluate((line) => getComputedStyle(line).stroke);
      assert.ok(text.includes(`stroke="${colour}"`));
      const drawn = await page.evaluate((svg) => {
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
      await open({ scenario: 'matrix' });
      await page.getByRole('button', { name: 'Show as table' }).click();
      const { bytes = {} } = await exported('Picture *.png');
      const file = Buffer.from(Object.values(bytes));
      assert.equal(file.subarray(1, 4).toString(), 'PNG');
      assert.equal(file.readUInt32BE(16), 2 * 1280);
      assert.ok(file.length > 5000);
      assert.equal(await grid('Models of the matrix').count(), 1);
    });

    it('asks the host for tables and runs, and shows why one failed', async () => {
      await open();
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'Table of scores' }).click();
      assert.equal((await lastCall())?.method, 'exportTable');
      await page.getByRole('button', { name: 'Save Run…' }).click();
      await page.getByRole('alert').getByText('The disk is full.').waitFor();
    });
  });

  describe('a run that is not whole', () => {
    it('shows points as they come, with progress', async () => {
      await open({ scenario: 'starting' });
      await page.getByText('layer 5 · 41% · 12.0 s left').waitFor();
      const state = {
        title: 'base-1 ↔ base-2',
        overlays: [],
        live: true,
        activity: { kind: 'running', progress: { fraction: 0.5, message: 'layer 6' } },
      };
      for (const count of [3, 7]) {
        await emitTo(page, 'state', { ...state, run: partialRun(count) });
        await page.getByText('layer 6').waitFor();
        await page.waitForTimeout(150);
        assert.equal(await markers().count(), count);
      }
      await emitTo(page, 'progress', { fraction: 0.9, message: 'layer 23 · 1.00 s left' });
      await page.getByText('layer 23 · 1.00 s left').waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      assert.equal((await lastCall())?.method, 'cancel');
    });

    it('says so, keeps what is there, and goes on', async () => {
      await open({ scenario: 'broken' });
      await page.getByText('The run was cancelled. 11 models scored; what is missing can be scored later.').waitFor();
      await page.getByText('(incomplete)').waitFor();
      await page.getByRole('button', { name: 'Go On' }).click();
      await page.getByText('layer 5 · 41% · 12.0 s left').waitFor();
    });

    it('shows why it failed beside what was found', async () => {
      await open({ scenario: 'failed' });
      await page.getByRole('alert').getByText('config.json says 6 layers').waitFor();
      assert.equal(await markers().count(), 4);
      await page.getByRole('button', { name: 'Try Again' }).click();
      assert.equal((await lastCall())?.method, 'goOn');
    });

    it('offers no scoring when the models are gone', async () => {
      await open({ scenario: 'saved' });
      for (const name of ['Refine', 'Add Task…']) assert.equal(await page.getByRole('button', { name }).isDisabled(), true);
      assert.equal(await page.getByRole('button', { name: 'Add Run…' }).isEnabled(), true);
    });
  });

  it('keeps task, measure, table and order over a reload', async () => {
    await open();
    await choose('Measure', 'Perplexity');
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.getByRole('columnheader', { name: 'Loss' }).getByRole('button').click();
    assert.deepEqual(((await savedStateOf(page)) as { restore: unknown }).restore, { folder: '/models/base-1' });
    await page.reload();
    assert.equal(await page.getByRole('columnheader', { name: 'Loss' }).getAttribute('aria-sort'), 'ascending');
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.locator('svg.chart').getByText('Perplexity', { exact: true }).waitFor({ state: 'attached' });
  });

  it('shows hostile names, formulas and sentences as text', async () => {
    await open({ scenario: 'hostile' });
    await page.getByRole('heading', { level: 1 }).getByText('<script>globalThis.hacked = true</script>').waitFor();
    await page.getByRole('button', { name: '1 finding' }).click();
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.locator('#row-5').click();
    await page.getByRole('button', { name: 'Show as table' }).click();
    const { text = '' } = await exported('Picture *.svg');
    assert.ok(!text.includes('<script'));
  });

  it('reaches every control with the Tab key', async () => {
    await open({ scenario: 'overlaid', theme: 'hcDark' });
    const reached = new Set<string>();
    for (let step = 0; step < 24; step++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
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
