import { html, type TemplateResult } from 'lit';

/** A name that loses its beginning where room is short: tensor names differ at their ends. The grid styles it. */
export function shownName(name: string): TemplateResult {
  return html`<span class="name" title=${name}><bdi dir="ltr">${name}</bdi></span>`;
}
