import { html, type TemplateResult } from 'lit';

/**
 * A name that loses its beginning where room is short: tensor names differ at their ends. The grid styles it.
 * @param title the whole of it, on hover
 */
export function shownName(name: string, title = name): TemplateResult {
  return html`<span class="name" title=${title}><bdi dir="ltr">${name}</bdi></span>`;
}
