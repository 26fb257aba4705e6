import { css, html, type TemplateResult } from 'lit';
import type { DirectiveResult } from 'lit/directive.js';
import { ref } from 'lit/directives/ref.js';

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
    overflow-wrap: anywhere;
  }
  .tooltip strong {
    font-weight: 600;
  }
  .tooltip dl {
    display: grid;
    grid-template-columns: auto minmax(0, auto);
    gap: 0 16px;
    margin-top: 2px;
  }
  .tooltip dt {
    color: var(--muted);
    white-space: nowrap;
  }
  .tooltip dd {
    text-align: right;
  }
`;

/** Where a side has less than `enough` it goes elsewhere; wider than `most` it breaks its lines. */
const width = { enough: 250, most: 380 };
const distance = 6;

/** What the facts stand beside, in pixels of the picture that holds it. */
interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** From the anchor down in the upper half, and up in the lower half. */
function downOrUp({ y }: Anchor, { height }: Viewport, shift: number): Place {
  if (y > height / 2) return { bottom: Math.max(4, height - y + shift) };
  return { top: Math.max(4, y + shift) };
}

/** Beside the anchor, on the side with more room; above or below it where neither side has enough. */
export function besideAnchor(anchor: Anchor, viewport: Viewport): Place {
  const right = anchor.x + anchor.width + distance;
  const room = { left: anchor.x - distance - 4, right: viewport.width - right - 4 };
  if (room.right >= width.enough)
    return { left: right, 'max-width': Math.min(width.most, room.right), ...downOrUp(anchor, viewport, -distance) };
  if (room.left >= width.enough) {
    const place = { right: viewport.width - anchor.x + distance, 'max-width': Math.min(width.most, room.left) };
    return { ...place, ...downOrUp(anchor, viewport, -distance) };
  }
  const widest = Math.min(width.most, viewport.width - 8);
  return { left: Math.max(4, Math.min(anchor.x, viewport.width - widest - 4)), 'max-width': widest, ...downOrUp(anchor, viewport, 30) };
}

/** Facts beside a cell or point. */
export function renderTooltip(
  title: string,
  facts: readonly (readonly [string, string])[],
  anchor: Anchor,
  viewport: Viewport,
): TemplateResult {
  return html`<div class="tooltip" role="presentation" aria-hidden="true" ${placed(besideAnchor(anchor, viewport))}>
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

const properties = ['left', 'right', 'top', 'bottom', 'width', 'height', 'max-width'] as const;

/** Pixels. */
type Place = Readonly<Partial<Record<(typeof properties)[number], number>>>;

/**
 * Sets position and size through the style object. A `style` attribute would be refused by the content security policy,
 * and lit's own style directive writes one on first render.
 */
function placed(place: Place): DirectiveResult {
  return ref((element) => {
    if (!(element instanceof HTMLElement)) return;
    for (const property of properties) {
      const pixels = place[property];
      // An element that changes sides would be stretched between both.
      if (pixels === undefined) element.style.removeProperty(property);
      else element.style.setProperty(property, `${pixels}px`);
    }
  });
}
