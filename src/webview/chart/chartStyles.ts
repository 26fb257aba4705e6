import { css } from 'lit';

/** Colours and strokes of the line chart. The exported picture takes them as the browser resolved them. */
export const chartStyles = css`
  svg.chart {
    display: block;
    font-size: 11px;
  }
  .axes line {
    stroke: var(--muted);
    stroke-opacity: 0.22;
  }
  .axes text {
    fill: var(--muted);
  }
  .axes .name {
    fill: var(--vscode-foreground);
    font-size: 12px;
  }
  .guide line {
    stroke: var(--muted);
    stroke-opacity: 0.55;
    stroke-dasharray: 1 4;
  }
  .guide text {
    fill: var(--muted);
  }
  .curve {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.75;
    stroke-linejoin: round;
  }
  .chord {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1;
    stroke-dasharray: 6 4;
    stroke-opacity: 0.85;
  }
  .bracket {
    fill: none;
    stroke: var(--vscode-foreground);
    stroke-width: 1.25;
  }
  .height {
    fill: var(--vscode-foreground);
    stroke: var(--vscode-editor-background);
    stroke-width: 5;
    stroke-linejoin: round;
    paint-order: stroke;
  }
  .error {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1;
    stroke-opacity: 0.8;
  }
  .cross {
    fill: none;
    stroke: var(--vscode-editorError-foreground, var(--vscode-errorForeground));
    stroke-width: 2;
  }
  .not-finite {
    fill: var(--vscode-editorError-foreground, var(--vscode-errorForeground));
  }
  .optimum {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .pointed line {
    stroke: var(--vscode-foreground);
    stroke-opacity: 0.5;
  }
  .pointed circle {
    fill: none;
    stroke: var(--focus);
    stroke-width: 2;
  }
`;
