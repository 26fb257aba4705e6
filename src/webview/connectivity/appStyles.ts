import { css } from 'lit';

export const appStyles = css`
  .body {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }
  rebase-evidence {
    max-height: 34vh;
    overflow: auto;
  }
  /* Where little fits, the page scrolls and the picture keeps a usable size. */
  @container (max-width: 639px) or (max-height: 519px) {
    .body {
      min-height: 460px;
    }
    rebase-evidence {
      max-height: none;
    }
  }
`;
