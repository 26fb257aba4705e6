import { css, html, svg, type TemplateResult, unsafeCSS } from 'lit';
import { themeColor } from '../shared/theme.js';

/** Outlines about the origin, all of about the same weight. A run is told by its shape also where colours are not. Runs in excess share them. */
const shapes = [
  'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
  'M-3.6-3.6h7.2v7.2h-7.2z',
  'M0-5 5 0 0 5-5 0z',
  'M0-4.8 4.7 3.6h-9.4z',
  'M0 4.8 4.7-3.6h-9.4z',
  'M-1.6-4.6h3.2v3h3v3.2h-3v3h-3.2v-3h-3v-3.2h3z',
];

/**
 * Colours of the theme, in an order in which neighbours differ also to people who tell red and green apart badly.
 * Orange comes last: it is that of matches in the minimap, which some themes let shine through.
 */
const colors = [
  { variable: '--vscode-charts-blue', otherwise: '#3794ff' },
  { variable: '--vscode-charts-yellow', otherwise: '#cca700' },
  { variable: '--vscode-charts-purple', otherwise: '#b180d7' },
  { variable: '--vscode-charts-green', otherwise: '#89d185' },
  { variable: '--vscode-charts-red', otherwise: '#f14c4c' },
  { variable: '--vscode-charts-orange', otherwise: '#d18616' },
];

/** The outline that stands for a run's points. */
export function markerOf(run: number): string {
  return shapes[run % shapes.length] ?? '';
}

/** The class that gives a run its colour; needs `runStyles`. */
export function runClass(run: number): string {
  return `run-${run % shapes.length}`;
}

/** A run's colour in the current theme. */
export function runColor(run: number): string {
  const { variable, otherwise } = colors[run % colors.length] ?? { variable: '', otherwise: 'gray' };
  return themeColor(variable, otherwise);
}

export const runStyles = css`
  ${unsafeCSS(colors.map(({ variable, otherwise }, run) => `.run-${run} { --ink: var(${variable}, ${otherwise}); }`).join('\n'))}
  .marker {
    fill: var(--ink);
    stroke: var(--vscode-editor-background);
    stroke-width: 1;
  }
`;

/** A run's marker for legends and tables. */
export function runKey(run: number): TemplateResult {
  const shape = svg`<path class="marker" d=${markerOf(run)} transform="translate(8 8)"></path>`;
  return html`<svg class="key ${runClass(run)}" width="16" height="16" aria-hidden="true">${shape}</svg>`;
}
