import { css, html, type TemplateResult } from 'lit';
import { icon } from './icons.js';

export const problemStyles = css`
  .problem,
  .failed {
    display: grid;
    align-items: center;
    gap: 8px;
    background: var(--vscode-inputValidation-errorBackground);
    color: var(--vscode-inputValidation-errorForeground, inherit);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .problem {
    grid-template-columns: 16px 1fr auto;
    padding: 4px 8px 4px 12px;
    border-bottom: 1px solid var(--vscode-inputValidation-errorBorder);
  }
  .failed {
    grid-template-columns: 16px 1fr;
    align-items: start;
    padding: 8px 10px;
    border: 1px solid var(--vscode-inputValidation-errorBorder);
    border-radius: 4px;
  }
`;

/** What went wrong with the last thing asked for, until it is dismissed. */
export function renderProblem(problem: string | null, dismiss: () => void): TemplateResult | null {
  if (problem === null) return null;
  return html`<div class="problem" role="alert">
    ${icon('error')}<span>${problem}</span>
    <button class="action" aria-label="Dismiss" @click=${dismiss}>${icon('close')}</button>
  </div>`;
}
