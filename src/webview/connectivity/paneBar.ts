import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConnectivityRun, LineRun } from '../../connectivity/report/index.js';
import { type Measure, measureFacts, measures, measuresOf } from '../model/connectivity/measure.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import { renderTableButton } from '../shared/tableButton.js';
import { runKey, runStyles } from '../chart/runMarks.js';

/** What the picture shows: task, measure, picture or table, and which marker is whose. Fires `task-change`, `measure-change`, `table-change` and `remove-run`. */
@customElement('rebase-pane-bar')
export class PaneBar extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    runStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: flex-end;
        gap: 4px 10px;
        min-height: 35px;
        padding: 4px 8px 0 12px;
      }
      .legend {
        display: flex;
        flex: 1 1 160px;
        flex-wrap: wrap;
        gap: 2px 14px;
        min-width: 0;
      }
      .legend li {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-width: 0;
        max-width: 100%;
      }
      .key {
        flex: none;
      }
      .legend span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .legend button.action {
        padding: 0 2px;
      }
      vscode-single-select {
        flex: 0 1 170px;
        width: 170px;
        min-width: 90px;
      }
    `,
  ];

  @property({ attribute: false }) run!: ConnectivityRun;
  @property({ attribute: false }) overlays: readonly LineRun[] = [];
  @property({ attribute: false }) task = 0;
  @property() measure: Measure = 'loss';
  @property({ attribute: false }) asTable = false;

  private send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private onTask(event: Event): void {
    this.send('task-change', Number((event.target as HTMLElement & { value: string }).value));
  }

  private onMeasure(event: Event): void {
    const { value } = event.target as HTMLElement & { value: string };
    const measure = measures.find((known) => known === value);
    if (measure) this.send('measure-change', measure);
  }

  private renderKey({ title, complete }: ConnectivityRun, index: number): TemplateResult {
    const remove = html`<button class="action" aria-label="Remove ${title}" @click=${() => this.send('remove-run', index - 1)}>
      ${icon('close')}
    </button>`;
    return html`<li>
      ${runKey(index)}<span title=${title}>${title}${complete ? nothing : html`<em class="muted"> (incomplete)</em>`}</span>
      ${index === 0 ? nothing : remove}
    </li>`;
  }

  private renderLegend(): TemplateResult | typeof nothing {
    if (this.run.kind !== 'line') return nothing;
    const shown = [this.run, ...this.overlays];
    return html`<ul class="legend" aria-label="Runs">
      ${shown.map((run, index) => this.renderKey(run, index))}
    </ul>`;
  }

  override render(): TemplateResult {
    const { tasks } = this.run;
    const kind = tasks[this.task]?.kind ?? 'loss';
    return html`${this.renderLegend()}
      <vscode-single-select
        label="Task"
        title=${tasks[this.task]?.path ?? ''}
        .value=${String(this.task)}
        @change=${(event: Event) => this.onTask(event)}
      >
        ${tasks.map(({ name }, index) => html`<vscode-option value=${String(index)} ?selected=${index === this.task}>${name}</vscode-option>`)}
      </vscode-single-select>
      <vscode-single-select
        label="Measure"
        title=${measureFacts[this.measure].meaning}
        .value=${this.measure}
        @change=${(event: Event) => this.onMeasure(event)}
      >
        ${measuresOf(kind).map(
          (measure) =>
            html`<vscode-option value=${measure} ?selected=${measure === this.measure}>${measureFacts[measure].label}</vscode-option>`,
        )}
      </vscode-single-select>
      ${renderTableButton(this.asTable, () => this.send('table-change', !this.asTable))}`;
  }
}
