import { css } from 'lit';

export const appStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100vh;
    overflow: auto;
    container-type: size;
  }
  rebase-diff-result {
    min-height: 0;
  }
  .problem {
    display: grid;
    grid-template-columns: 16px 1fr auto;
    gap: 8px;
    align-items: center;
    padding: 4px 8px 4px 12px;
    border-bottom: 1px solid var(--vscode-inputValidation-errorBorder);
    background: var(--vscode-inputValidation-errorBackground);
    color: var(--vscode-inputValidation-errorForeground, inherit);
    overflow-wrap: anywhere;
  }
  /* Where little fits, the page scrolls and each part keeps a usable size. */
  @container (max-width: 859px) or (max-height: 519px) {
    rebase-diff-result {
      min-height: 900px;
    }
  }
`;
