import type { DirectiveResult } from 'lit/directive.js';
import { ref } from 'lit/directives/ref.js';

const properties = ['left', 'right', 'top', 'bottom', 'width', 'height', 'max-width'] as const;

/** Pixels. */
export type Place = Readonly<Partial<Record<(typeof properties)[number], number>>>;

/**
 * Sets position and size through the style object. A `style` attribute would be refused by the content security policy,
 * and lit's own style directive writes one on first render.
 */
export function placed(place: Place): DirectiveResult {
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
