import assert from 'node:assert/strict';
import { describeConnectivityPanel } from '../harness/connectivityPanel.js';

describeConnectivityPanel('connectivity panel: little room', (panel) => {
  for (const scenario of ['barrier', 'overlaid', 'long', 'matrix', 'bigMatrix', 'plane', 'broken']) {
    for (const width of [400, 640]) {
      it(`needs no sideways scrolling at ${width} px (${scenario})`, async () => {
        await panel.open({ scenario, width });
        await panel.page.locator('.stage').focus();
        await panel.page.keyboard.press('PageDown');
        await panel.page.keyboard.press('Enter');
        assert.equal(await panel.page.locator('rebase-connectivity-app').evaluate(({ scrollWidth }) => scrollWidth), width);
        for (const control of await panel.page.locator('button, vscode-single-select, h1').all()) {
          const box = await control.boundingBox();
          assert.ok(
            box && box.x >= 0 && box.x + box.width <= width,
            `${await control.innerText()} ends at ${(box?.x ?? 0) + (box?.width ?? 0)}`,
          );
        }
      });
    }
  }
});
