import { css } from 'lit';

/** Figures of the drill-down: a caption line above a picture or its table. */
export const figureStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  .caption {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 24px;
    margin-bottom: 4px;
  }
  .caption .muted {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: var(--small);
  }
  svg:not(.icon) {
    display: block;
    width: 100%;
    overflow: visible;
  }
  text {
    fill: var(--muted);
    font-size: 10px;
  }
  .table-box {
    max-height: 260px;
    border: 1px solid var(--line);
    border-radius: 3px;
  }
  .table-box table {
    width: 100%;
  }
`;
