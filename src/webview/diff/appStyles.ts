import { css } from 'lit';

export const appStyles = css`
  .running {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    align-items: center;
    gap: 2px 12px;
    padding: 0 8px 2px 12px;
    color: var(--muted);
    border-bottom: 1px solid var(--line);
  }
  .running vscode-progress-bar {
    grid-column: 1 / -1;
    margin: 0 -8px 0 -12px;
    background: var(--line);
  }
  rebase-diff-result {
    min-height: 0;
  }
  /* Where little fits, the page scrolls and each part keeps a usable size. */
  @container (max-width: 859px) or (max-height: 519px) {
    rebase-diff-result {
      min-height: 900px;
    }
  }
  @container (max-width: 619px) {
    rebase-diff-result {
      min-height: 680px;
    }
  }
`;
