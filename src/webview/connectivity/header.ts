import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatSeconds } from '../../base/format.js';
import type { ConnectivityRun } from '../../connectivity/report/index.js';
import type { MenuItem } from '../shared/menu.js';
import '../shared/menu.js';
import { actionStyles, baseStyles, headerStyles } from '../shared/styles.js';
import type { ConnectivityPanelState } from './messages.js';

export type ExportChoice = 'csv' | 'svg' | 'png';

const exportItems: readonly (MenuItem & { id: ExportChoice })[] = [
  { id: 'csv', label: 'Table of scores', note: '*.csv' },
  { id: 'svg', label: 'Picture', note: '*.svg' },
  { id: 'png', label: 'Picture', note: '*.png' },
];

/** `windows of 256 tokens · weights as stored`; outside commands see no windows. */
function describeSettings({ settings, tasks }: ConnectivityRun): string {
  const { window, stride, limit, precision, bos } = settings;
  const windows = [
    window === null ? 'windows as long as the context, at most 512 tokens' : `windows of ${window} tokens`,
    ...(stride === null ? [] : [`stride ${stride}`]),
    ...(limit === null ? [] : [`at most ${limit} windows`]),
  ];
  const isAllOutside = tasks.length > 0 && tasks.every(({ kind }) => kind === 'outside');
  const start = bos === 'auto' ? [] : [bos === 'always' ? 'texts begin with BOS' : 'texts begin without BOS'];
  return [
    ...(isAllOutside ? [] : [...windows, ...start]),
    precision === 'stored' ? 'weights rounded as they would be saved' : 'weights in float32',
  ].join(' · ');
}

/** What was scored, and what can be done with it. Fires `refine`, `add-task`, `add-run`, `save` and `export`. */
@customElement('rebase-connectivity-header')
export class ConnectivityHeader extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    headerStyles,
    css`
      h1 {
        display: -webkit-box;
        overflow: hidden;
        overflow-wrap: anywhere;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
      }
    `,
  ];

  @property({ attribute: false }) state!: ConnectivityPanelState;

  private send(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private renderAction(type: string, label: string, hint: string, enabled: boolean): TemplateResult {
    return html`<button class="action" title=${hint} ?disabled=${!enabled} @click=${() => this.send(type)}>${label}</button>`;
  }

  private renderFacts(run: ConnectivityRun): TemplateResult {
    const { inputs, seconds } = run;
    const models = inputs.map(({ role, name }) => `${role}: ${name}`).join(' · ');
    const how = `${describeSettings(run)} · ${formatSeconds(seconds)}`;
    return html`<div class="facts" title=${inputs.map(({ role, path }) => `${role}: ${path}`).join('\n')}>${models}</div>
      <div class="facts" title=${how}>${how}</div>`;
  }

  private renderActions(run: ConnectivityRun): TemplateResult {
    const { obstacle, activity } = this.state;
    const free = obstacle === null && activity.kind !== 'running';
    const gone = obstacle === null ? '' : `${obstacle} `;
    return html`<div class="actions" role="toolbar" aria-label="Actions">
      ${run.kind === 'line' ? this.renderAction('refine', 'Refine', `${gone}Score more points where the curve bends most or the barrier is`, free) : nothing}
      ${run.kind === 'plane' ? nothing : this.renderAction('add-task', 'Add Task…', `${gone}Score the same models on another text`, free)}
      ${run.kind === 'line' ? this.renderAction('add-run', 'Add Run…', 'Lay a saved run over this one', true) : nothing}
      <rebase-menu
        label="Export"
        .items=${exportItems}
        @choose=${({ detail }: CustomEvent<ExportChoice>) => this.send('export', detail)}
      ></rebase-menu>
      ${this.renderAction('save', 'Save Run…', 'Save as *.connectivity.json, which opens here again', true)}
    </div>`;
  }

  override render(): TemplateResult {
    const { run, title } = this.state;
    return html`<div class="names">
        <h1 title=${title}>${title}</h1>
        ${run ? this.renderFacts(run) : nothing}
      </div>
      ${run ? this.renderActions(run) : nothing}`;
  }
}
