import type { DirectiveResult } from 'lit/directive.js';
import { ref } from 'lit/directives/ref.js';

/** Pixels. */
export interface Place {
  readonly left?: number;
  readonly right?: number;
  readonly top?: number;
  readonly width?: number;
  readonly height?: number;
}

/**
 * Sets position and size through the style object. A `style` attribute would be refused by the content security policy,
 * and lit's own style directive writes one on first render.
 */
export function placed(place: Place): DirectiveResult {
  return ref((element) => {
    if (!(element instanceof HTMLElement)) return;
    for (const [property, pixels] of Object.entries(place)) element.style.setProperty(property, `${pixels}px`);
  });
}
