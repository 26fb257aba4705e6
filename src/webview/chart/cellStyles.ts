import { css } from 'lit';

/** Colours and strokes of pictures made of cells. */
export const cellFigureStyles = css`
  .stage {
    overflow: auto;
  }
  .pointed,
  .chosen {
    fill: none;
    stroke: var(--vscode-foreground);
    stroke-width: 2;
  }
  .pointed {
    stroke: var(--focus);
  }
  .label {
    fill: var(--muted);
  }
  .strong {
    fill: var(--vscode-foreground);
  }
  .empty {
    fill: none;
    stroke: var(--muted);
    stroke-opacity: 0.35;
  }
  .cross {
    fill: none;
    stroke: var(--vscode-editorError-foreground, var(--vscode-errorForeground));
    stroke-width: 1.5;
  }
`;

/** And of the matrix among them. */
export const matrixStyles = css`
  .cell {
    stroke: var(--line);
    stroke-width: 1;
  }
  .separator {
    stroke: var(--muted);
    stroke-opacity: 0.6;
  }
`;
