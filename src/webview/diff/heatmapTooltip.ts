import { css, html, type TemplateResult } from 'lit';
import type { HeatmapLayout, Viewport } from '../model/heatmapLayout.js';
import { placed } from '../shared/placed.js';

export const heatmapTooltipStyles = css`
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

/** Facts beside a cell, on the side where there is room. */
export function renderTooltip(
  title: string,
  facts: readonly (readonly [string, string])[],
  cell: { x: number; y: number },
  layout: HeatmapLayout,
  viewport: Viewport,
): TemplateResult {
  const right = cell.x + layout.cellWidth + distance;
  const beside = right + size.width > viewport.width ? { right: viewport.width - cell.x + distance } : { left: right };
  const top = Math.max(4, Math.min(cell.y - distance, viewport.height - size.height));
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
