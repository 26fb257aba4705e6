import { css } from 'lit';

export const resultStyles = css`
  :host {
    display: grid;
    min-width: 0;
    min-height: 0;
    container-type: size;
  }
  .panes {
    display: grid;
    grid-template-rows: minmax(0, 1fr);
    height: 100%;
    min-height: 0;
  }
  .panes.with-detail {
    grid-template-rows: minmax(0, 1fr) 1px var(--detail);
  }
  .upper {
    display: grid;
    grid-template-columns: var(--heatmap) 1px minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
    min-height: 0;
  }
  [role='tablist'] {
    display: none;
  }
  [role='tab'][aria-selected='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    border-color: var(--vscode-inputOption-activeBorder, transparent);
  }
  @container (max-width: 859px) {
    .upper {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(0, 3fr) 1px minmax(0, 4fr);
    }
    .upper > rebase-splitter {
      pointer-events: none;
    }
  }
  /* Where two parts beside or above each other would be too small, one is shown at a time. */
  @container (max-width: 619px) {
    .panes,
    .panes.with-detail {
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    }
    [role='tablist'] {
      display: flex;
      gap: 2px;
      padding: 6px 8px;
      border-bottom: 1px solid var(--line);
    }
    .upper {
      grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    }
    rebase-splitter,
    .panes:not([data-pane='map']) rebase-heatmap-view,
    .panes:not([data-pane='table']) rebase-tensors-view,
    .panes:not([data-pane='detail']) rebase-tensor-detail,
    .panes[data-pane='detail'] .upper {
      display: none;
    }
  }
`;
