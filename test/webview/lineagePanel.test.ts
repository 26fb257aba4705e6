import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { callsOf, emitTo, savedStateOf } from './harness/browser.js';
import { describePanel, PanelPage } from './harness/panelTests.js';
import { iterativeRounds, oneLineage } from './harness/roundsFixtures.js';

class LineagePanel extends PanelPage {
  figure(name: 'scores' | 'norm' | 'cosine'): Locator {
    return this.page.locator(`rebase-rounds-chart.${name}`);
  }

  /** What the picture's slider tells, from the first curve's start, one for each key. */
  async told(name: 'scores' | 'norm' | 'cosine', keys: readonly string[]): Promise<(string | null)[]> {
    const slider = this.figure(name).getByRole('slider');
    await slider.focus();
    const told: (string | null)[] = [];
    for (const key of keys) {
      await this.page.keyboard.press(key);
      told.push(await slider.getAttribute('aria-valuetext'));
    }
    return told;
  }

  legend(): Promise<string[]> {
    return this.page.getByRole('list', { name: 'Curves' }).getByRole('listitem').allInnerTexts();
  }

  async showTable(): Promise<void> {
    await this.page.getByRole('button', { name: 'Show as table' }).click();
  }

  cells(row: number): Promise<string[]> {
    return this.page.locator(`#row-${row}`).getByRole('gridcell').allTextContents();
  }
}

describePanel('rounds panel in a browser', new LineagePanel('lineagePanel'), (panel) => {
  it('tells scores over releases with their errors, norms and cosines, by keyboard', async () => {
    await panel.open({ scenario: 'one' });
    assert.deepEqual(await panel.legend(), ['fine-tuned version', 'start checkpoint', 'base']);
    assert.deepEqual(await panel.told('scores', ['Home', 'ArrowRight', 'ArrowDown', 'ArrowDown']), [
      'v1, fine-tuned version: 3.129 ± 0.012',
      'v2, fine-tuned version: 2.984 ± 0.012',
      'v2, start checkpoint: 3.410 ± 0.012',
      'v2, base: 7.233 ± 0.012',
    ]);
    assert.deepEqual(await panel.told('norm', ['Home', 'End']), ['v1, iterative: 24.5', 'v3, iterative: 28.0']);
    assert.deepEqual(await panel.told('cosine', ['Home', 'End']), ['v2, iterative: 0.931', 'v3, iterative: 0.875']);
  });

  it('draws each value at its place over its release', async () => {
    await panel.open({ scenario: 'one' });
    await panel.figure('scores').locator('path.marker').first().waitFor({ state: 'attached' });
    const picture = panel.figure('scores').locator('svg.chart');
    const ticks = await picture
      .locator('.axes text[text-anchor=end]')
      .evaluateAll((texts) => texts.map((text) => [Number(text.getAttribute('y')) - 4, Number(text.textContent)] as const));
    const places = await picture.locator('.releases text').evaluateAll((texts) => texts.map((text) => Number(text.getAttribute('x'))));
    const transforms = await picture
      .locator('path.marker')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('transform') ?? ''));
    const [[lowY, low], [highY, high]] = [ticks[0]!, ticks.at(-1)!];
    const curve = (role: string) =>
      iterativeRounds().map(({ scores }) => scores.find(({ model, kind }) => model === role && kind === 'loss')?.value);
    const expected = ['finetuned', 'start', 'base'].flatMap((role) =>
      curve(role).flatMap((value, at) => (value == null ? [] : [{ value, at }])),
    );
    assert.equal(transforms.length, expected.length);
    expected.forEach(({ value, at }, index) => {
      const [x = NaN, y = NaN] = /\(([\d.]+) ([\d.]+)\)/.exec(transforms[index]!)?.slice(1).map(Number) ?? [];
      assert.ok(Math.abs(x - places[at]!) < 0.01);
      assert.ok(Math.abs(low + ((y - lowY) / (highY - lowY)) * (high - low) - value) < 0.01, `${value} at ${y}`);
    });
  });

  it('lays strategies over each other, and draws bases that both have once', async () => {
    await panel.open({ scenario: 'strategies' });
    assert.deepEqual(await panel.legend(), [
      'iterative: fine-tuned version',
      'iterative: start checkpoint',
      'iterative: base',
      'plain: fine-tuned version',
    ]);
    await panel.page.getByText('v2: scores of its plain are left out.').waitFor();
    const looks = (path: Locator): Promise<string> =>
      path.evaluate((marker) => `${getComputedStyle(marker).fill} ${marker.getAttribute('d') ?? ''}`);
    const markers = (name: 'scores' | 'norm'): Locator => panel.figure(name).locator('path.marker');
    assert.equal(await looks(markers('norm').last()), await looks(markers('scores').last()), 'a lineage looks alike in all pictures');
    assert.deepEqual(await panel.told('norm', ['ArrowDown', 'End']), ['v1, plain: 24.5', 'v3, plain: 23.0']);
  });

  it('shows the table behind the pictures, on the task that is chosen, and keeps the choice', async () => {
    await panel.open({ scenario: 'one' });
    await panel.showTable();
    assert.deepEqual(await panel.cells(1), [
      'v2',
      'iterative',
      '7.233 ± 0.012',
      '3.410 ± 0.012',
      '2.984 ± 0.012',
      '–',
      '26.3',
      '0.931',
      'base(v2) + (…)',
    ]);
    await panel.page.locator('vscode-single-select[label="Task"]').click();
    await panel.page.getByRole('option', { name: 'questions', exact: true }).click();
    assert.deepEqual((await panel.cells(0)).slice(2, 5), ['0.250 ± 0.030', '–', '0.500 ± 0.030']);
    const saved = (await savedStateOf(panel.page)) as { task: number; asTable: boolean };
    assert.deepEqual([saved.task, saved.asTable], [1, true]);
    await panel.page.reload();
    assert.deepEqual((await panel.cells(0)).slice(2, 3), ['0.250 ± 0.030']);
  });

  it('scores, measures and cancels through the host, and shows what comes', async () => {
    await panel.open({ scenario: 'starting' });
    await panel.page.getByText('1.10 GB of 2.70 GB').waitFor();
    await emitTo(panel.page, 'progress', { fraction: 0.9, message: 'nearly' });
    await panel.page.getByText('nearly').waitFor();
    await panel.page.getByRole('button', { name: 'Cancel' }).click();
    await panel.page.getByText('Measuring was cancelled.').waitFor();
    await panel.page.getByRole('button', { name: 'Score All' }).click();
    await emitTo(panel.page, 'state', { title: 'Rounds of llama', report: oneLineage(), activity: { kind: 'idle' } });
    await panel.page.getByRole('button', { name: 'Measure Again' }).click();
    assert.deepEqual(
      (await callsOf(panel.page)).map(({ method }) => method),
      ['ready', 'cancel', 'score', 'measure'],
    );
  });

  it('says why measuring failed, and keeps what is known', async () => {
    await panel.open({ scenario: 'failed' });
    await panel.page.getByText('/models/base-2: no such folder. Restore it.').waitFor();
    assert.equal((await panel.legend()).length, 3);
  });

  it('says what to do where nothing is scored', async () => {
    await panel.open({ scenario: 'unscored' });
    await panel.page.getByText('No model of these rounds is scored.').waitFor();
  });

  it('shows scores that are not numbers as such, and names as text', async () => {
    await panel.open({ scenario: 'hostile', width: 600, height: 420 });
    assert.deepEqual(await panel.told('scores', ['Home']), ['<img src=x onerror="globalThis.hacked=1">, fine-tuned version: NaN']);
    await panel.showTable();
    assert.equal((await panel.cells(0))[4], 'not finite');
  });
});
