import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: a matrix of long names', (panel) => {
  const stage = () => panel.grid('Sources by targets');

  it('has labels that tell apart, each with its whole name', async () => {
    await panel.open({ scenario: 'bigMatrix', width: 1100 });
    const labels = await panel.page.locator('svg.chart text:has(title)').evaluateAll((texts) =>
      texts.map((text) => ({
        name: text.querySelector('title')?.textContent,
        shown: [...text.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.textContent : '')).join(''),
        width: (text as SVGTextElement).getBBox().width,
      })),
    );
    for (const key of ['name', 'shown'] as const) assert.equal(new Set(labels.map((label) => label[key])).size, 16);
    assert.ok(labels.every(({ width }) => width <= 124));
  });

  it('keeps its cells readable and scrolls to the one with the focus', async () => {
    await panel.open({ scenario: 'bigMatrix', width: 500, height: 600 });
    const { width, height } = (await panel.page.locator('svg.chart rect.cell').first().boundingBox())!;
    assert.ok(width >= 60 && height >= 22, `${width} × ${height}`);
    await stage().focus();
    for (const key of ['End', 'PageDown']) await panel.page.keyboard.press(key);
    const [frame, box] = [(await panel.page.locator('rect.pointed').boundingBox())!, (await stage().boundingBox())!];
    assert.ok(frame.x + frame.width <= box.x + box.width + 1 && frame.y + frame.height <= box.y + box.height + 1);
    await panel.page.mouse.click(frame.x + 20, frame.y + 8);
    await panel.page.locator('rebase-point-bar').getByText('a-rather-long-version-name-7-of-8 · Fine-tuned').waitFor();
  });

  it('shows what it says of a cell within the page, wherever the cell is', async () => {
    for (const width of [460, 1100]) {
      await panel.open({ scenario: 'bigMatrix', width });
      await stage().focus();
      for (const key of ['Home', 'ArrowRight', 'ArrowDown', 'ArrowRight', 'End', 'PageDown']) {
        await panel.page.keyboard.press(key);
        await panel.page.waitForTimeout(50);
        const [tip, figure] = [await panel.page.locator('.tooltip').boundingBox(), await panel.page.locator('.figure').boundingBox()];
        assert.ok(tip && figure && tip.width <= 380 && tip.x >= 0 && tip.x + tip.width <= width, `${width} ${key} ${JSON.stringify(tip)}`);
        assert.ok(tip.y >= figure.y && tip.y + tip.height <= figure.y + figure.height, `${width} ${key} ${JSON.stringify(tip)}`);
      }
      if (width === 460) await panel.close();
    }
  });

  it('is exported with its whole title', async () => {
    await panel.open({ scenario: 'bigMatrix', width: 1100 });
    const { text = '' } = await panel.exported('Picture *.svg');
    const ends = await panel.page.evaluate((svg) => {
      const holder = document.body.appendChild(document.createElement('div'));
      holder.innerHTML = svg;
      return [...holder.querySelectorAll<SVGTextElement>('svg > text')].map((line) => line.getBBox().x + line.getBBox().width);
    }, text);
    assert.ok(ends.length > 2 && Math.max(...ends) <= 1100, ends.join(' '));
  });
});
