import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cssColor, fromOklab, inkOn, luminanceOf, parseColor, type Rgb, toOklab } from '../../../src/webview/model/color.js';
import { paintDeviation } from '../../../src/webview/model/connectivity/divergingScale.js';
import { colorAt, makeRamp } from '../../../src/webview/model/ramp.js';
import { themes } from '../../webview/harness/themes.js';

const near = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} is not ${expected}`);

const color = (text: string): Rgb => {
  const parsed = parseColor(text);
  assert.ok(parsed, text);
  return parsed;
};

describe('colours', () => {
  it('reads the forms that VS Code writes, and refuses others', () => {
    assert.deepEqual(parseColor('#ff8000'), { red: 1, green: 128 / 255, blue: 0 });
    assert.deepEqual(parseColor(' #F80 '), { red: 1, green: 136 / 255, blue: 0 });
    assert.deepEqual(parseColor('#ff800080'), { red: 1, green: 128 / 255, blue: 0 });
    assert.deepEqual(parseColor('rgba(90, 93, 94, 0.31)'), { red: 90 / 255, green: 93 / 255, blue: 94 / 255 });
    assert.deepEqual([parseColor(''), parseColor('red'), parseColor('var(--x)')], [null, null, null]);
  });

  it('have the ink of the larger contrast ratio by WCAG, on cells of every gain and theme too', () => {
    // Luminances as the tables of WCAG's technique G18 give them.
    near(luminanceOf(color('#808080')), 0.2159, 1e-4, 'grey');
    near(luminanceOf(color('#ff0000')), 0.2126, 1e-4, 'red');
    const ratio = (one: number, other: number): number => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    for (const { variables } of Object.values(themes)) {
      const of = (name: string): Rgb => color((variables as Record<string, string>)[`--vscode-${name}`] ?? '#000000');
      const colors = { middle: of('editor-background'), worse: of('charts-orange'), better: of('charts-blue') };
      for (let deviation = -1; deviation <= 1; deviation += 0.05) {
        const { fill, ink } = paintDeviation(colors, deviation);
        const contrast = ratio(luminanceOf(color(fill)), ink === '#fff' ? 1 : 0);
        assert.ok(contrast >= 4.5, `${fill} under ${ink}: ${contrast}`);
      }
    }
    assert.deepEqual([inkOn(color('#3794ff')), inkOn(color('#005fb8'))], ['#000', '#fff']);
  });

  it('agrees with the published OKLab values of the primaries (tolerance 1e-4)', () => {
    const published = [
      ['#ffffff', 1, 0, 0],
      ['#ff0000', 0.62796, 0.22486, 0.12585],
      ['#00ff00', 0.86644, -0.23389, 0.1795],
      ['#0000ff', 0.45201, -0.03246, -0.31153],
    ] as const;
    for (const [text, lightness, a, b] of published) {
      const lab = toOklab(color(text));
      near(lab.lightness, lightness, 1e-4, `${text} L`);
      near(lab.a, a, 1e-4, `${text} a`);
      near(lab.b, b, 1e-4, `${text} b`);
    }
  });

  it('comes back from OKLab within half a step of 8 bits (seed 11)', () => {
    const channel = fc.integer({ min: 0, max: 255 }).map((value) => value / 255);
    fc.assert(
      fc.property(fc.record({ red: channel, green: channel, blue: channel }), (rgb) =>
        assert.equal(cssColor(fromOklab(toOklab(rgb))), cssColor(rgb)),
      ),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe('heat ramp', () => {
  const hues = ['#b180d7', '#3794ff', '#89d185', '#cca700'].map(color);
  const lightnessOf = (css: string): number => {
    const [red = 0, green = 0, blue = 0] = css.match(/\d+/g)?.map((part) => Number(part) / 255) ?? [];
    return toOklab({ red, green, blue }).lightness;
  };

  for (const [theme, background, direction] of [
    ['dark', '#1f1f1f', 1],
    ['light', '#ffffff', -1],
    ['black', '#000000', 1],
  ] as const) {
    it(`moves away from a ${theme} background in lightness, step by step`, () => {
      const ramp = makeRamp({ background: color(background), hues: direction > 0 ? hues : hues.toReversed() });
      assert.equal(ramp.length, 256);
      const lightness = ramp.map(lightnessOf);
      // Clipping to sRGB and rounding to 8 bits move single colours a little.
      for (let step = 16; step < 256; step += 16)
        assert.ok(direction * ((lightness[step] ?? 0) - (lightness[step - 16] ?? 0)) > 0.01, `step ${step}`);
      assert.ok(Math.abs((lightness[255] ?? 0) - (lightness[0] ?? 0)) > 0.5);
      assert.ok(Math.abs((lightness[0] ?? 0) - toOklab(color(background)).lightness) > 0.04);
    });
  }

  it('gives the ends at 0 and 1', () => {
    const ramp = ['a', 'b', 'c'];
    assert.deepEqual(
      [0, 0.5, 1].map((position) => colorAt(ramp, position)),
      ['a', 'b', 'c'],
    );
  });
});
