import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describePanel, PanelPage } from './harness/panelTests.js';

const folder = join(import.meta.dirname, '../../out/screenshots/panels');
const themes = ['light', 'dark', 'hcDark'] as const;
const widths = [395, 1440] as const;

/** Pictures of a panel in themes and widths, for people to look at: nothing may be wider than the page. */
function photograph(
  name: 'diffPanel' | 'checkpointPanel',
  prepare: (panel: PanelPage, shoot: (part: string) => Promise<unknown>) => Promise<void>,
): void {
  describePanel(`photographs of ${name}`, new PanelPage(name), (panel) => {
    for (const theme of themes) {
      for (const width of widths) {
        it(`${theme}, ${width} px`, async () => {
          await panel.open({ theme, width, height: 900 });
          mkdirSync(folder, { recursive: true });
          const shoot = async (part: string) => panel.page.screenshot({ path: join(folder, `${name}-${part}-${theme}-${width}.png`) });
          await prepare(panel, shoot);
          const [scroll, client] = await panel.page.evaluate(() => [document.body.scrollWidth, document.body.clientWidth]);
          assert.equal(scroll, client);
        });
      }
    }
  });
}

photograph('diffPanel', async ({ page }, shoot) => {
  const tableTab = page.getByRole('tab', { name: 'Table' });
  await page.locator('rebase-heatmap-canvas canvas[width]').waitFor();
  await shoot('result');
  if (await tableTab.isVisible()) {
    await tableTab.click();
    await shoot('table');
  }
  await page.locator('rebase-tensors-view #row-0').click();
  await page.locator('rebase-histogram svg').first().waitFor();
  await shoot('detail');
});
photograph('checkpointPanel', async ({ page }, shoot) => {
  await page.locator('rebase-grid #row-0').waitFor();
  await shoot('tensors');
});
