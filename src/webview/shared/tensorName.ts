import { html, type TemplateResult } from 'lit';
import { nameParts } from '../model/nameParts.js';

/** A tensor name that is shortened in the middle. The grid styles it. */
export function shownName(name: string): TemplateResult {
  const { head, tail } = nameParts(name);
  return html`<span class="name" title=${name}><span>${head}</span><span>${tail}</span></span>`;
}
