import { svg, html, type TemplateResult } from 'lit';

/** Outlines on a 16 × 16 grid, drawn in the current text colour. */
const outlines = {
  arrow: 'M2.5 8h10.5M9.5 4.5 13 8l-3.5 3.5',
  check: 'M3 8.5l3.2 3.2L13 4.5',
  chevronDown: 'M4 6l4 4 4-4',
  chevronRight: 'M6 4l4 4-4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6 5.5h7v8H6zM3 11V2.5h7',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 7.2v4M8 4.8v.9',
  refresh: 'M12.8 6.2A5.2 5.2 0 1 0 13.2 9M13.2 2.8v3.6H9.6',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3 14 14',
  swap: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  table: 'M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.5 3v10',
  warning: 'M8 2.3 14.2 13.5H1.8zM8 6.3v3.8M8 11.3v.9',
  minus: 'M4 8h8',
  add: 'M8 3.5v9M3.5 8h9',
} as const;

export type IconName = keyof typeof outlines;

/** An icon; decoration only, the control around it carries the name. */
export function icon(name: IconName): TemplateResult {
  const path = svg`<path d=${outlines[name]} fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"></path>`;
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${path}</svg>`;
}

/** Icon of a finding's severity; anything unknown is shown as information. */
export function severityIcon(severity: string): TemplateResult {
  return icon(severity === 'error' || severity === 'warning' ? severity : 'info');
}
