import { css, html, nothing, type TemplateResult } from 'lit';
import { severityIcon } from './icons.js';

/** A finding as a panel needs it. */
export interface ShownFinding {
  readonly severity: string;
  readonly message: string;
  readonly tensor?: string;
  /** Which checkpoint it is about, when there are two. */
  readonly origin?: string;
}

export const findingStyles = css`
  .findings li {
    display: grid;
    grid-template-columns: 16px 1fr;
    gap: 6px;
    padding: 2px 0;
    line-height: 18px;
  }
  .findings svg {
    margin-top: 1px;
  }
  .severity-error svg {
    color: var(--vscode-editorError-foreground, var(--vscode-errorForeground));
  }
  .severity-warning svg {
    color: var(--vscode-editorWarning-foreground);
  }
  .severity-info svg {
    color: var(--vscode-editorInfo-foreground);
  }
`;

const known = ['error', 'warning'];

/** The severity as a class name and a word; anything unknown counts as information. */
export function severityOf(severity: string): string {
  return known.includes(severity) ? severity : 'info';
}

/** The gravest severity of a list. */
export function worstSeverity(findings: readonly ShownFinding[]): string {
  return known.find((severity) => findings.some((finding) => finding.severity === severity)) ?? 'info';
}

function renderFinding({ severity, message, tensor, origin }: ShownFinding): TemplateResult {
  const about = [origin, tensor].filter((part) => part !== undefined).join(' · ');
  return html`<li class="severity-${severityOf(severity)}">
    ${severityIcon(severity)}
    <div>
      <span class="hidden">${severityOf(severity)}: </span>${message} ${about === '' ? nothing : html`<span class="muted">${about}</span>`}
    </div>
  </li>`;
}

export function renderFindings(findings: readonly ShownFinding[]): TemplateResult {
  return html`<ul class="findings">
    ${findings.map(renderFinding)}
  </ul>`;
}
