import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type StatusCounts, tensorStatuses, type TensorStatus } from '../../compare/report/index.js';
import type { DiffView } from '../messages.js';
import { formatCount, plural } from '../../base/format.js';
import { statusMeanings } from '../model/overview.js';
import { countStatuses, type TensorFilter } from '../model/tensorOrder.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles, statusStyles } from '../shared/styles.js';
import { tensorFilterBarStyles } from './tensorFilterBarStyles.js';

/** The line above the table: filter by name, by heat map cell, by status. Fires `filter-change` with the changed part, and `column-menu` with a place. */
@customElement('rebase-tensor-filter-bar')
export class TensorFilterBar extends LitElement {
  static override styles = [baseStyles, actionStyles, statusStyles, tensorFilterBarStyles];

  @property({ attribute: false }) view!: DiffView;
  @property({ attribute: false }) filter!: TensorFilter;
  /** Rows that pass. */
  @property({ attribute: false }) shown = 0;
  private counts!: StatusCounts;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view')) this.counts = countStatuses(this.view.table);
  }

  private change(part: Partial<TensorFilter>): void {
    this.dispatchEvent(new CustomEvent('filter-change', { detail: part }));
  }

  private openColumns(event: MouseEvent): void {
    const { left, bottom } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.dispatchEvent(new CustomEvent('column-menu', { detail: { x: left, y: bottom + 2 } }));
  }

  private toggle(status: TensorStatus): void {
    const { statuses } = this.filter;
    this.change({ statuses: statuses.includes(status) ? statuses.filter((other) => other !== status) : [...statuses, status] });
  }

  private renderStatus(status: TensorStatus): TemplateResult {
    const pressed = this.filter.statuses.includes(status);
    return html`<button class="action chip" title=${statusMeanings[status]} aria-pressed=${pressed} @click=${() => this.toggle(status)}>
      <span class="status-${status}">${status}</span><span class="muted">${formatCount(this.counts[status])}</span>
    </button>`;
  }

  private renderCell(): TemplateResult | typeof nothing {
    const { cell } = this.filter;
    if (cell === null) return nothing;
    const layer = cell.layer === null ? '' : (this.view.layers[cell.layer]?.label ?? '');
    const module = cell.module === null ? '' : (this.view.table.moduleNames[cell.module] ?? '');
    const label = [layer, module].filter(Boolean).join(' · ');
    return html`<button
      class="action chip"
      aria-pressed="true"
      aria-label="Stop showing only ${label}"
      @click=${() => this.change({ cell: null })}
    >
      <span class="cell-name">${label}</span>${icon('close')}
    </button>`;
  }

  override render(): TemplateResult {
    const total = this.view.table.length;
    const present = tensorStatuses.filter((status) => this.counts[status] > 0);
    return html`<h2>Tensors</h2>
      <vscode-textfield
        .label=${'Filter tensors by name'}
        placeholder="Filter by name"
        .value=${this.filter.text}
        @input=${(event: Event) => this.change({ text: (event.target as HTMLInputElement).value })}
      >
        <span slot="content-before" class="search">${icon('search')}</span>
      </vscode-textfield>
      ${this.renderCell()} ${present.map((status) => this.renderStatus(status))}
      <span class="count muted" role="status"
        >${this.shown === total ? '' : `${formatCount(this.shown)} of `}${plural(total, 'tensor')}</span
      >
      <button class="action" aria-haspopup="menu" title="Choose columns" @click=${(event: MouseEvent) => this.openColumns(event)}>
        Columns${icon('chevronDown')}
      </button>`;
  }
}
