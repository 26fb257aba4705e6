import { css, html, type TemplateResult } from 'lit';
import { placed } from './placed.js';

export const tooltipStyles = css`
  .tooltip {
    position: absolute;
    z-index: 5;
    pointer-events: none;
    padding: 6px 10px;
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--line));
    border-radius: 4px;
    background: var(--vscode-editorHoverWidget-background);
    color: var(--vscode-editorHoverWidget-foreground);
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    font-size: 12px;
    white-space: nowrap;
  }
  .tooltip strong {
    font-weight: 600;
  }
  .tooltip dl {
    display: grid;
    grid-template-columns: auto auto;
    gap: 0 16px;
    margin-top: 2px;
  }
  .tooltip dt {
    color: var(--muted);
  }
  .tooltip dd {
    text-align: right;
  }
`;

const size = { width: 250, height: 124 };
const distance = 6;

/** What the facts stand beside, in pixels of the picture that holds it. */
interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Facts beside a cell or point, on the side where there is room. */
export function renderTooltip(
  title: string,
  facts: readonly (readonly [string, string])[],
  anchor: Anchor,
  viewport: { readonly width: number; readonly height: number },
): TemplateResult {
  const right = anchor.x + anchor.width + distance;
  const beside = right + size.width > viewport.width ? { right: viewport.width - anchor.x + distance } : { left: right };
  const top = Math.max(4, Math.min(anchor.y - distance, viewport.height - size.height));
  return html`<div class="tooltip" role="presentation" aria-hidden="true" ${placed({ ...beside, top })}>
    <strong>${title}</strong>
    <dl>
      ${facts.map(
        ([label, value]) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </div>`;
}
