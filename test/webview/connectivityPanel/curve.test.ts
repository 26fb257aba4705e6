import assert from 'node:assert/strict';
import { barrierRun } from '../harness/connectivityFixtures.js';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: curve', (panel) => {
  it('tells every point as the run has it, in the measure that is chosen', async () => {
    await panel.open();
    const { points } = barrierRun();
    await panel.chart().focus();
    await panel.page.keyboard.press('Home');
    for (const { at, scores } of points) {
      const [score] = scores;
      assert.ok(score?.kind === 'loss');
      assert.equal(await panel.shown(), `base-1 ↔ base-2, α = ${at}: loss ${score.loss.toFixed(3)} ± 0.021 nats per token`);
      await panel.page.keyboard.press('ArrowRight');
    }
    await panel.choose('Measure', 'Bits per byte');
    const last = points.at(-1)?.scores[0];
    assert.ok(last?.kind === 'loss');
    await panel.chart().focus();
    await panel.page.keyboard.press('End');
    assert.ok((await panel.shown())?.includes(`bits per byte ${(last.loss / Math.LN2 / 3.25).toFixed(4)} ±`), (await panel.shown()) ?? '');
    await panel.choose('Measure', 'Perplexity');
    await panel.chart().focus();
    await panel.page.keyboard.press('End');
    assert.ok(
      (await panel.shown())?.includes(`perplexity ${Math.exp(last.loss).toFixed(2)} ± ${(0.021 * Math.exp(last.loss)).toFixed(2)}`),
    );
  });

  it('draws each point at its place, with bars of one standard error', async () => {
    await panel.open();
    assert.equal(await panel.markers().count(), 11);
    const drawn = await panel.page.locator('svg.chart').evaluate((svg) => {
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
    await panel.open();
    await panel.page.locator('svg.chart').getByText('rise 0.420 ± 0.012 nats per token').waitFor({ state: 'attached' });
    const facts = await panel.page.locator('.fact').allInnerTexts();
    assert.deepEqual(
      facts.map((fact) => fact.split('\n').slice(0, 2)),
      [
        ['Verdict', 'Barrier'],
        ['Largest rise', '0.420 ± 0.012'],
        ['‖mₜ − mₛ‖', '12.3'],
      ],
    );
    const sentences = await panel.page.getByRole('list', { name: 'What the scores say' }).getByRole('listitem').allInnerTexts();
    assert.match(sentences.join('\n'), /Barrier on english\.txt[^]*base-2 is ahead of base-1/);
  });

  it('has its label beside the bracket, clear of curves and markers, in every measure', async () => {
    for (const width of [400, 1280]) {
      await panel.open({ width });
      for (const measure of ['Loss', 'Bits per byte', 'Perplexity']) {
        await panel.choose('Measure', measure);
        await panel.page.waitForTimeout(100);
        const covered = await panel.page.locator('svg.chart').evaluate((svg) => {
          const label = svg.querySelector('text.height')!.getBoundingClientRect();
          return [...svg.querySelectorAll<SVGPolylineElement>('.curve, .chord')].some((line) =>
            Array.from({ length: 400 }, (_, index) => line.getPointAtLength((index / 399) * line.getTotalLength()))
              .map((place) => place.matrixTransform(line.getScreenCTM()!))
              .some(({ x, y }) => x > label.left && x < label.right && y > label.top && y < label.bottom),
          );
        });
        assert.equal(covered, false, `${measure} at ${width}`);
      }
      if (width === 400) await panel.close();
    }
  });

  it('shows another task with its own measures and verdict', async () => {
    await panel.open();
    await panel.choose('Task', 'questions.jsonl');
    await panel.page.locator('svg.chart').getByText('Accuracy', { exact: true }).waitFor({ state: 'attached' });
    await panel.page.getByText('Not decided on questions.jsonl').waitFor();
    await panel.chart().focus();
    await panel.page.keyboard.press('Home');
    assert.match((await panel.shown()) ?? '', /α = 0: accuracy 0\.650 ± 0\.034/);
  });

  it('shows points that are not finite where they are, and names the tensor', async () => {
    await panel.open({ scenario: 'broken' });
    assert.equal(await panel.markers().count(), 9);
    assert.deepEqual(await panel.page.locator('svg.chart .not-finite').allTextContents(), ['NaN', '∞']);
    await panel.chart().focus();
    await panel.page.keyboard.press('Home');
    for (let step = 0; step < 5; step++) await panel.page.keyboard.press('ArrowRight');
    assert.equal(
      await panel.shown(),
      'base-1 ↔ base-2, α = 0.5: loss NaN, NaN or ∞ in model.layers.3.mlp.up_proj.weight (17) and 1 more tensor',
    );
    await panel.page.locator('.tooltip').getByText('model.layers.3.mlp.up_proj.weight').waitFor();
  });

  it('lays runs over each other, told apart by marker and name, and takes them away', async () => {
    await panel.open({ scenario: 'overlaid' });
    const shapes = await panel.page
      .locator('svg.chart path.marker')
      .evaluateAll((paths) => new Set(paths.map((path) => path.getAttribute('d'))).size);
    assert.equal(shapes, 2);
    await panel.page.getByText('base-2 + λ·(finetuned-1 − base-1) was not scored on english.txt.').waitFor();
    await panel.chart().focus();
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('ArrowDown');
    assert.match((await panel.shown()) ?? '', /^base-1 ↔ base-1b, α = 0: loss 3\.200 ± 0\.015/);
    await panel.page.getByRole('button', { name: 'Remove base-1 ↔ base-1b' }).click();
    await panel.markers().nth(11).waitFor({ state: 'detached' });
    assert.equal(await panel.markers().count(), 11);
    assert.deepEqual(await panel.lastCall(), { method: 'removeRun', params: { overlay: 0 } });
  });

  it('marks the best λ of a sweep, and λ = 0 and 1', async () => {
    await panel.open({ scenario: 'sweep' });
    assert.deepEqual(await panel.page.locator('svg.chart .guide text').allTextContents(), ['λ = 0', 'λ = 1']);
    assert.equal(await panel.page.locator('svg.chart .chord').count(), 0);
    const [ring, marker] = await panel.page.locator('svg.chart').evaluate((svg) => {
      const best = svg.querySelectorAll('path.marker')[8]?.getAttribute('transform');
      const circle = svg.querySelector('circle.optimum');
      return [`translate(${circle?.getAttribute('cx')} ${circle?.getAttribute('cy')})`, best];
    });
    assert.equal(ring, marker); // point 8 of 15 from −0.25 is λ = 0.75
    const facts = await panel.page.locator('.fact').allInnerTexts();
    assert.deepEqual(facts[0]?.split('\n').slice(0, 2), ['Best λ', '0.75']);
  });
});
