import { css } from 'lit';

export const appStyles = css`
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
