import { css } from 'lit';

/** The page itself: no margins of VS Code's default sheet, one screen high; what is long scrolls inside. */
export const pageStyles = css`
  html,
  body {
    height: 100%;
    margin: 0;
    padding: 0;
    overflow: hidden;
  }
  body {
    background: var(--vscode-editor-background);
    color: var(--vscode-foreground);
    font: var(--vscode-font-weight, normal) var(--vscode-font-size, 13px) / 1.4 var(--vscode-font-family, sans-serif);
    font-variant-numeric: tabular-nums;
  }
`;

/** What every component shares. */
export const baseStyles = css`
  :host {
    box-sizing: border-box;
    --line: var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-panel-border, transparent)));
    --muted: var(--vscode-descriptionForeground);
    --focus: var(--vscode-focusBorder);
    --small: calc(var(--vscode-font-size, 13px) - 2px);
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  :focus-visible {
    outline: 1px solid var(--focus);
    outline-offset: -1px;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul {
    margin: 0;
    padding: 0;
  }
  h2,
  h3 {
    font-size: var(--small);
    font-weight: 600;
    letter-spacing: 0.04em;
    text-transform: uppercase;
    color: var(--vscode-sideBarSectionHeader-foreground, var(--vscode-foreground));
    white-space: nowrap;
  }
  ul {
    list-style: none;
  }
  .muted {
    color: var(--muted);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Buttons without a frame, as in VS Code's toolbars. */
export const actionStyles = css`
  button.action {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    height: 22px;
    padding: 0 6px;
    border: 1px solid transparent;
    border-radius: 5px;
    background: transparent;
    color: inherit;
    font: inherit;
    font-variant-numeric: inherit;
    white-space: nowrap;
    cursor: pointer;
  }
  button.action:hover:not(:disabled) {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  button.action:disabled {
    color: var(--vscode-disabledForeground);
    cursor: default;
  }
  button.action[aria-pressed='true'],
  button.action[aria-expanded='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    border-color: var(--vscode-inputOption-activeBorder, transparent);
  }
  button.action:focus-visible {
    outline: 1px solid var(--focus);
  }
  button.action svg {
    width: 16px;
    height: 16px;
    flex: none;
  }
`;

/** What a panel shows, and what can be done with it. */
export const headerStyles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
    padding: 8px 8px 8px 12px;
    border-bottom: 1px solid var(--line);
  }
  .names {
    flex: 1 1 240px;
    min-width: 0;
  }
  h1 {
    font-size: 15px;
    font-weight: 600;
    line-height: 20px;
  }
  .facts {
    color: var(--muted);
    font-size: 12px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  @container (max-width: 619px) {
    .facts {
      white-space: normal;
    }
  }
  .actions {
    display: flex;
    flex: 0 1 auto;
    flex-wrap: wrap;
    min-width: 0;
    gap: 2px;
  }
`;

/** Tables behind pictures. */
export const tableStyles = css`
  .table-box {
    overflow: auto;
    max-height: 100%;
  }
  table {
    border-collapse: separate;
    border-spacing: 0;
    font-size: inherit;
  }
  th,
  td {
    padding: 0 8px;
    height: 22px;
    white-space: nowrap;
    text-align: right;
    font-weight: normal;
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--vscode-editor-background);
    color: var(--muted);
    border-bottom: 1px solid var(--line);
  }
  th:first-child,
  .left {
    text-align: left;
  }
  tbody tr:hover {
    background: var(--vscode-list-hoverBackground);
  }
`;

/** Status names in the colours that version control uses for the same things. */
export const statusStyles = css`
  .status-identical,
  .status-equal,
  .status-unread {
    color: var(--vscode-gitDecoration-ignoredResourceForeground, var(--muted));
  }
  .status-changed {
    color: var(--vscode-gitDecoration-modifiedResourceForeground);
  }
  .status-added {
    color: var(--vscode-gitDecoration-addedResourceForeground);
  }
  .status-removed {
    color: var(--vscode-gitDecoration-deletedResourceForeground);
  }
  .status-retyped,
  .status-grown,
  .status-shrunk {
    color: var(--vscode-gitDecoration-renamedResourceForeground);
  }
  .status-reshaped {
    color: var(--vscode-gitDecoration-conflictingResourceForeground);
  }
`;
