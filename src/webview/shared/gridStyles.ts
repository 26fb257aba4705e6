import { css } from 'lit';

export const gridStyles = css`
  :host {
    display: block;
    min-height: 0;
    position: relative;
  }
  .viewport {
    position: absolute;
    inset: 0;
    overflow: auto;
    contain: strict;
    outline-offset: -1px;
  }
  .viewport:focus-visible {
    outline: none;
  }
  .header,
  .row {
    display: grid;
    grid-template-columns: var(--columns);
    width: 100%;
  }
  .header {
    position: sticky;
    top: 0;
    z-index: 1;
    height: 24px;
    background: var(--vscode-editor-background);
    color: var(--muted);
    font-size: var(--small);
    border-bottom: 1px solid var(--line);
  }
  .header > div {
    position: relative;
    display: flex;
    align-items: center;
    min-width: 0;
    padding: 0 5px;
  }
  .header button {
    display: flex;
    align-items: center;
    gap: 2px;
    max-width: 100%;
    height: 100%;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  .header button:hover {
    color: var(--vscode-foreground);
  }
  .header [aria-sort='ascending'],
  .header [aria-sort='descending'] {
    color: var(--vscode-foreground);
    font-weight: 600;
  }
  .label {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .header,
  .rows {
    min-width: var(--least-width);
  }
  .rows {
    height: var(--rows-height, 0);
    width: 100%;
    contain: layout style;
  }
  .window {
    transform: translateY(var(--window-top, 0));
  }
  .row {
    height: 22px;
    line-height: 22px;
    cursor: pointer;
    contain: layout style;
  }
  .edge {
    position: absolute;
    inset: 0 -3px 0 auto;
    width: 7px;
    z-index: 1;
    cursor: col-resize;
    touch-action: none;
  }
  .edge:hover,
  .edge:active {
    background: var(--vscode-sash-hoverBorder);
  }
  .header > :last-child .edge {
    right: 0;
  }
  .row > div {
    position: relative;
    min-width: 0;
    padding: 0 5px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .numeric {
    justify-content: flex-end;
    text-align: right;
  }
  .header > :first-child,
  .row > :first-child {
    padding-left: 12px;
  }
  .header > :last-child,
  .row > :last-child {
    padding-right: 12px;
  }
  .row.marked,
  .row:hover {
    background: var(--vscode-list-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .row[aria-selected='true'] {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .viewport:focus .row[aria-selected='true'] {
    background: var(--vscode-list-activeSelectionBackground);
    color: var(--vscode-list-activeSelectionForeground);
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
    outline-offset: -1px;
  }
  .viewport:focus .row[aria-selected='true'] > div {
    color: inherit;
  }
  .empty {
    position: sticky;
    left: 0;
    padding: 16px 12px;
  }
  .level-2 > :first-child {
    padding-left: 26px;
  }
  .level-3 > :first-child {
    padding-left: 42px;
  }
  .name {
    display: block;
    direction: rtl;
    text-align: left;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .node {
    display: flex;
    min-width: 0;
  }
  .twisty {
    display: inline-flex;
    align-items: center;
    flex: none;
    width: 18px;
  }
  .chip {
    display: inline-block;
    max-width: 100%;
    min-width: 20px;
    padding: 0 5px;
    border-radius: 8px;
    line-height: 16px;
    overflow: hidden;
    text-overflow: ellipsis;
    vertical-align: middle;
    text-align: center;
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
    font-size: var(--small);
  }
  .bar,
  .spark {
    position: absolute;
    inset: 3px 2px;
    width: calc(100% - 4px);
    height: 16px;
    fill: var(--vscode-charts-blue);
  }
  .bar {
    opacity: 0.3;
  }
  .bar.unbounded {
    fill: var(--vscode-charts-red);
  }
  .over {
    position: relative;
  }
  .quiet {
    color: var(--muted);
  }
  .group {
    font-weight: 600;
  }
`;
