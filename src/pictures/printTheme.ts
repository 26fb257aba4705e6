import { type Rgb, parseColor } from '../webview/model/color.js';
import type { DivergingColors } from '../webview/model/connectivity/divergingScale.js';
import type { SvgColors } from '../webview/model/heatmapSvg.js';
import { makeRamp } from '../webview/model/ramp.js';

/** The light theme that the panels know by VS Code's variables, on white and dark enough for print. */
const variables: Readonly<Record<string, string>> = {
  '--vscode-editor-background': '#ffffff',
  '--vscode-foreground': '#1f1f1f',
  '--vscode-descriptionForeground': '#5a5a5a',
  '--vscode-editorError-foreground': '#c72e0f',
  '--vscode-charts-blue': '#0b62c4',
  '--vscode-charts-yellow': '#a06a00',
  '--vscode-charts-purple': '#652d90',
  '--vscode-charts-green': '#2c7a2e',
  '--vscode-charts-red': '#c72e0f',
  '--vscode-charts-orange': '#b8600b',
  '--muted': '#5a5a5a',
  '--line': '#d4d4d4',
  '--focus': '#0b62c4',
};

export const fontFamily = 'system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif';

export function printColor(variable: string): string {
  return variables[variable] ?? '#1f1f1f';
}

/**
 * A style sheet of the panels without variables, which few programs beside browsers resolve. The ink of a run, which a class sets and
 * shapes use, becomes the class's `color`.
 */
export function printStyles(css: string): string {
  const reference = /var\((--[\w-]+)(?:,\s*(?:[^()]|\([^()]*\))*)?\)/gu;
  return css
    .replaceAll('--ink:', 'color:')
    .replaceAll('var(--ink)', 'currentColor')
    .replace(reference, (_, variable: string) => printColor(variable))
    .replace(/\s+/gu, ' ');
}

function rgbOf(variable: string): Rgb {
  return parseColor(printColor(variable))!;
}

/** Orange for worse, blue for better, paper between them. */
export const printDiverging: DivergingColors = {
  middle: rgbOf('--vscode-editor-background'),
  worse: rgbOf('--vscode-charts-orange'),
  better: rgbOf('--vscode-charts-blue'),
};

export const printHeatmapColors: SvgColors = {
  ramp: makeRamp({
    background: rgbOf('--vscode-editor-background'),
    hues: ['yellow', 'green', 'blue', 'purple'].map((hue) => rgbOf(`--vscode-charts-${hue}`)),
  }),
  background: printColor('--vscode-editor-background'),
  text: printColor('--vscode-foreground'),
  muted: printColor('--vscode-descriptionForeground'),
  fontFamily,
  lines: ['blue', 'yellow', 'purple', 'green', 'red', 'orange'].map((hue) => printColor(`--vscode-charts-${hue}`)),
};
