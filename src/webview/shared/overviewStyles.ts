import { css } from 'lit';

export const overviewStyles = css`
  :host {
    display: block;
    border-bottom: 1px solid var(--line);
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(132px, 1fr));
    gap: 8px 20px;
    padding: 10px 12px 4px;
  }
  .fact {
    min-width: 0;
  }
  dt {
    color: var(--muted);
    font-size: var(--small);
  }
  .value {
    font-size: 19px;
    line-height: 26px;
    font-weight: 400;
  }
  .note {
    min-height: 16px;
    color: var(--muted);
    font-size: var(--small);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .note button {
    max-width: 100%;
    padding: 0;
    border: 0;
    background: none;
    color: var(--vscode-textLink-foreground);
    font: inherit;
    cursor: pointer;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .note button:hover {
    text-decoration: underline;
  }
  @container (max-width: 619px) {
    .note,
    .note button {
      white-space: normal;
      overflow-wrap: anywhere;
      text-align: left;
    }
  }
  .toggles {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding: 2px 6px 6px;
  }
  .toggle > span {
    display: inline-flex;
  }
  #note {
    max-height: 34vh;
    overflow: auto;
  }
  #note.open {
    padding: 8px 12px 10px;
    border-top: 1px solid var(--line);
  }
  .verdict {
    margin: 0;
    padding: 10px 12px 0;
    font-weight: 600;
  }
  .companions td,
  .companions th {
    padding: 1px 20px 1px 0;
    text-align: left;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .sentence {
    color: var(--muted);
    padding-bottom: 6px;
  }
`;
