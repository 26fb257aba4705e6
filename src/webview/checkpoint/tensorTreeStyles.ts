import { css } from 'lit';

export const tensorTreeStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    min-height: 35px;
    padding: 4px 12px;
  }
  .bar h2 {
    margin-right: 4px;
  }
  vscode-textfield {
    width: 240px;
    margin-right: 4px;
  }
  .search {
    display: inline-flex;
    color: var(--muted);
  }
  .count {
    margin-left: auto;
    font-size: var(--small);
  }
`;
