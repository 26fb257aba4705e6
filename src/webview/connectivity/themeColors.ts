import { parseColor, type Rgb } from '../model/color.js';
import type { DivergingColors } from '../model/connectivity/divergingScale.js';
import { themeColor } from '../shared/theme.js';

function rgbOf(variable: string, otherwise: Rgb): Rgb {
  return parseColor(themeColor(variable)) ?? otherwise;
}

/** The scale of gains and losses in the current theme: orange for worse, blue for better, the background between them. */
export function themeDivergingColors(): DivergingColors {
  return {
    middle: rgbOf('--vscode-editor-background', { red: 0.5, green: 0.5, blue: 0.5 }),
    worse: rgbOf('--vscode-charts-orange', { red: 0.82, green: 0.53, blue: 0.09 }),
    better: rgbOf('--vscode-charts-blue', { red: 0.22, green: 0.58, blue: 1 }),
  };
}
