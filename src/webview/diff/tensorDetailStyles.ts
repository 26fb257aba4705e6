import { css } from 'lit';

export const tensorDetailStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
  }
  header {
    display: flex;
    align-items: center;
    gap: 14px;
    min-height: 35px;
    padding: 0 8px 0 12px;
  }
  header h2 {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: inherit;
    letter-spacing: 0;
    text-transform: none;
    color: inherit;
  }
  header span {
    white-space: nowrap;
    font-size: 12px;
  }
  header .match {
    min-width: 40px;
    flex: 0 1 auto;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  header button {
    margin-left: auto;
  }
  .body {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    align-content: flex-start;
    gap: 12px 28px;
    padding: 2px 12px 16px;
    overflow: auto;
  }
  dl {
    display: grid;
    grid-template-columns: auto auto;
    gap: 1px 16px;
    flex: 0 0 auto;
    line-height: 20px;
  }
  dt {
    color: var(--muted);
  }
  dd {
    text-align: right;
  }
  .figure {
    flex: 1 1 300px;
    max-width: 460px;
    min-width: 260px;
  }
  .figure rebase-profile {
    margin-top: 10px;
  }
  .offer {
    display: grid;
    gap: 8px;
    justify-items: start;
    flex: 1 1 220px;
    max-width: 320px;
  }
  .failed {
    color: var(--vscode-errorForeground);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  @container (max-width: 619px) {
    header {
      position: relative;
      flex-wrap: wrap;
      gap: 0 10px;
      padding: 4px 44px 4px 12px;
    }
    header h2 {
      overflow-wrap: anywhere;
      white-space: normal;
    }
    header button {
      position: absolute;
      right: 8px;
      top: 6px;
    }
  }
`;
