import { parseColor, type Rgb, toOklab } from '../model/color.js';
import { makeRamp, type Ramp } from '../model/ramp.js';

const fallback: Rgb = { red: 0.5, green: 0.5, blue: 0.5 };

/** The value of a theme colour variable, e.g. `--vscode-editor-background`; `otherwise` when the theme leaves it out. */
export function themeColor(variable: string, otherwise = ''): string {
  return getComputedStyle(document.body).getPropertyValue(variable).trim() || otherwise;
}

function rgbOf(variable: string): Rgb {
  return parseColor(themeColor(variable)) ?? fallback;
}

/** The heat ramp of the current theme. */
export function themeRamp(): Ramp {
  const background = rgbOf('--vscode-editor-background');
  const dark = toOklab(background).lightness < 0.6;
  const hues = ['purple', 'blue', 'green', 'yellow'].map((hue) => rgbOf(`--vscode-charts-${hue}`));
  return makeRamp({ background, hues: dark ? hues : hues.reverse() });
}

/** Calls back when VS Code changes the theme: it rewrites the variables on the root and the classes of the body. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  return () => observer.disconnect();
}
