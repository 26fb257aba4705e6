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
  /* Where little fits, the page scrolls and each part keeps a usable size. */
  @container (max-width: 859px) or (max-height: 519px) {
    rebase-diff-result {
      min-height: 900px;
    }
  }
`;
