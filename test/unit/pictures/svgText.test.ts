import assert from 'node:assert/strict';
import { html, nothing, svg } from 'lit';
import { escapeXml, svgText } from '../../../src/pictures/svgText.js';
import { printHeatmapColors, printStyles } from '../../../src/pictures/printTheme.js';
import { cellFigureStyles, matrixStyles } from '../../../src/webview/chart/cellStyles.js';
import { chartStyles } from '../../../src/webview/chart/chartStyles.js';
import { runStyles } from '../../../src/webview/chart/runMarks.js';

describe('pictures without a page', () => {
  it('write templates as a browser would build them', () => {
    const inner = [1, 2].map((x) => svg`<line x1=${x} class="a ${x} b"></line>`);
    assert.equal(
      svgText(svg`<g class=${'q"<'}>${inner}${nothing}${null}<text>${'a<b & "c"'}</text></g>`),
      '<g class="q&quot;&lt;"><line x1="1" class="a 1 b"></line><line x1="2" class="a 2 b"></line><text>a&lt;b &amp; &quot;c&quot;</text></g>',
    );
    assert.equal(svgText(svg`<path d="M${0.1 + 0.2} ${1e-9}"></path>`), '<path d="M0.3 0"></path>');
  });

  it('refuse what needs a page', () => {
    assert.throws(() => svgText(html`<g @click=${() => undefined}></g>`), /has no place in a file/);
    assert.throws(() => svgText(html`<g .data=${{}}></g>`), /has no place in a file/);
    assert.throws(() => svgText(svg`<g>${{ a: 1 }}</g>`), /neither text nor template/);
  });

  it('hold no character that XML has not', () => {
    assert.equal(escapeXml('a\u0000\u001b\u202e<'), String.raw`a\u0000\u001b\u202e&lt;`);
  });

  it('have all colours of the panels, and no variables', () => {
    const css = [chartStyles, runStyles, cellFigureStyles, matrixStyles].map(({ cssText }) => printStyles(cssText)).join('\n');
    assert.doesNotMatch(css, /var\(|--/);
    assert.match(css, /\.run-0 \{ color: #0b62c4; \}/);
    assert.match(css, /\.curve \{ fill: none; stroke: currentColor;/);
    assert.match(css, /\.cross \{ fill: none; stroke: #c72e0f;/);
  });

  it('go from light to dark', () => {
    const lightness = printHeatmapColors.ramp.map((color) => (/\d+/g.exec(color) === null ? NaN : Number(/\d+/g.exec(color)![0])));
    assert.equal(printHeatmapColors.ramp.length, 256);
    assert.ok(lightness[0]! > 240, printHeatmapColors.ramp[0]);
    assert.ok(lightness.at(-1)! < 100, printHeatmapColors.ramp.at(-1));
  });
});
