import { css } from 'lit';

export const appStyles = css`
  .head,
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 14px;
    padding: 6px 8px 6px 12px;
  }
  .head {
    border-bottom: 1px solid var(--line);
  }
  .head h1 {
    flex: 1;
    min-width: 0;
    font-size: 15px;
    font-weight: 600;
    line-height: 22px;
    overflow-wrap: anywhere;
  }
  .head vscode-progress-bar {
    flex: 0 1 160px;
    background: var(--line);
  }
  .remarks {
    display: grid;
    gap: 3px;
    max-height: 20vh;
    overflow: auto;
    padding: 6px 12px;
    border-bottom: 1px solid var(--line);
  }
  .remarks li {
    display: grid;
    grid-template-columns: 16px 1fr;
    gap: 6px;
  }
  .legend {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    gap: 2px 14px;
    min-width: 0;
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .body {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }
  .pictures {
    display: grid;
    grid-template: minmax(0, 3fr) minmax(0, 2fr) / 1fr 1fr;
    min-height: 0;
  }
  .pictures > .wide {
    grid-column: 1 / -1;
  }
  section {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }
  h2 {
    padding: 6px 12px 0;
  }
  .empty {
    padding: 16px 12px;
  }
  vscode-single-select {
    width: 170px;
  }
  /* Where little fits, the page scrolls and the pictures keep a usable size. */
  @container (max-height: 559px) {
    .body {
      min-height: 560px;
    }
  }
  @container (max-width: 639px) {
    .body {
      min-height: 760px;
    }
    .pictures {
      grid-template: minmax(0, 3fr) minmax(0, 2fr) minmax(0, 2fr) / 1fr;
    }
  }
`;
