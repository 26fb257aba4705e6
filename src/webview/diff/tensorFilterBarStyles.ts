import { css } from 'lit';

export const tensorFilterBarStyles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    min-height: 35px;
    padding: 4px 12px;
  }
  h2 {
    margin-right: 4px;
  }
  vscode-textfield {
    width: 200px;
    margin-right: 4px;
  }
  .search {
    display: inline-flex;
    color: var(--muted);
  }
  button.chip {
    height: 20px;
    border-color: var(--line);
    border-radius: 10px;
    font-size: var(--small);
  }
  .cell-name {
    max-width: 220px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .count {
    margin-left: auto;
    font-size: var(--small);
  }
`;
