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
  @container (max-width: 859px) {
    .upper {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(0, 3fr) 1px minmax(0, 4fr);
    }
    .upper > rebase-splitter {
      pointer-events: none;
    }
  }
`;
