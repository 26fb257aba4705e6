import { css } from 'lit';

export const checkpointAppStyles = css`
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 8px;
    padding: 8px 12px;
    border-bottom: 1px solid var(--line);
  }
  .names {
    flex: 1 1 240px;
    min-width: 0;
  }
  h1 {
    font-size: 15px;
    font-weight: 600;
    line-height: 20px;
    overflow-wrap: anywhere;
  }
  .names p {
    font-size: 12px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  rebase-tensor-tree {
    min-height: 240px;
  }
  section {
    display: grid;
    gap: 8px;
    align-content: center;
    width: min(560px, 100%);
    margin: 0 auto;
    padding: 24px;
    grid-row: 1 / -1;
    overflow-wrap: anywhere;
  }
`;
