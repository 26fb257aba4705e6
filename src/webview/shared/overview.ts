import { html, type TemplateResult } from 'lit';
import { icon } from './icons.js';

/** A number that matters, with its explanation. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly meaning: string;
  readonly note?: string;
  /** Makes the note a link. */
  readonly follow?: (() => void) | null;
}

function renderFact({ label, value, meaning, note, follow }: Fact): TemplateResult {
  const link = html`<button title=${note ?? ''} @click=${follow}>${note}</button>`;
  return html`<div class="fact" title=${meaning}>
    <dt>${label}</dt>
    <dd class="value">${value}</dd>
    <dd class="note">${follow ? link : note}</dd>
  </div>`;
}

/** The strip of numbers at the top of a panel. Needs `overviewStyles`. */
export function renderFacts(facts: readonly Fact[]): TemplateResult {
  return html`<dl class="facts">${facts.map(renderFact)}</dl>`;
}

/** A button that opens and closes the area with id `note`. */
export function renderToggle(open: boolean, label: string, lead: TemplateResult | null, toggle: () => void): TemplateResult {
  return html`<button class="action toggle" aria-expanded=${open} aria-controls="note" @click=${toggle}>
    ${lead}${label}${icon(open ? 'chevronDown' : 'chevronRight')}
  </button>`;
}
