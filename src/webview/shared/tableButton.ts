import { html, type TemplateResult } from 'lit';
import { icon } from './icons.js';

/** The button that puts the table behind a picture in its place. `what` names the picture where a page has several. */
export function renderTableButton(asTable: boolean, toggle: () => void, what = ''): TemplateResult {
  const label = what === '' ? 'Show as table' : `Show ${what} as table`;
  return html`<button class="action" title="Show as table" aria-label=${label} aria-pressed=${asTable} @click=${toggle}>
    ${icon('table')}
  </button>`;
}
