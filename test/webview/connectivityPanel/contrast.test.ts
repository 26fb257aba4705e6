import assert from 'node:assert/strict';
import { luminanceOf, parseColor } from '../../../src/webview/model/color.js';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';
import type { ThemeName } from '../harness/themes.js';

function contrastOf(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [one, other].map((text) => luminanceOf(parseColor(text)!)).sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describeConnectivityPanel('connectivity panel: contrast', (panel) => {
  for (const theme of ['light', 'dark', 'hcLight', 'hcDark'] as const satisfies readonly ThemeName[]) {
    it(`shows lines of equal loss on the cells they cross (${theme})`, async () => {
      await panel.open({ scenario: 'plane', theme });
      const pairs = await panel.page.locator('svg.chart').evaluate((svg) => {
        const cells = [...svg.querySelectorAll<SVGRectElement>(':scope > rect[fill]')];
        return [...svg.querySelectorAll<SVGPathElement>('path.iso')].map((line) => {
          const { x, y } = line.getPointAtLength(line.getTotalLength() / 2);
          const cell = cells.find(({ x: { baseVal: left }, y: { baseVal: top }, width, height }) => {
            return x >= left.value && x < left.value + width.baseVal.value && y >= top.value && y < top.value + height.baseVal.value;
          });
          return { line: getComputedStyle(line).stroke, cell: cell ? getComputedStyle(cell).fill : '' };
        });
      });
      assert.equal(pairs.length, 9);
      for (const { line, cell } of pairs) assert.ok(contrastOf(line, cell) >= 3, `${line} on ${cell}: ${contrastOf(line, cell)}`);
    });
  }

  for (const theme of ['light', 'dark'] as const) {
    it(`writes the file type of the selected item in the colour of the selection (${theme})`, async () => {
      await panel.open({ theme });
      await panel.page.getByRole('button', { name: 'Export' }).click();
      const [ink, ground] = await panel.page
        .getByText('*.csv')
        .evaluate((note) => [getComputedStyle(note).color, getComputedStyle(note.parentElement!).backgroundColor]);
      assert.ok(contrastOf(ink, ground) >= 4.5, `${ink} on ${ground}`);
    });
  }
});
