import '@vscode-elements/elements/dist/vscode-button/index.js';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TensorDetail, TensorDiff } from '../../compare/report/index.js';
import { formatBytes } from '../../base/format.js';
import { codesText, dtypeText, shapeText, tensorFacts } from '../model/tensorFacts.js';
import { statusMeanings } from '../model/overview.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles, statusStyles } from '../shared/styles.js';
import './changedRows.js';
import './histogramView.js';
import './pictureView.js';
import './profileView.js';
import { tensorDetailStyles } from './tensorDetailStyles.js';

export interface TensorSource {
  tensor(row: number): Promise<TensorDiff>;
  detail(row: number): Promise<TensorDetail>;
}

type Loading<Value> =
  | { readonly kind: 'none' | 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly value: Value };

/** Values of both sides that are read without a click, which takes a moment. */
const maxUnaskedBytes = 64e6;

/** About so many bytes lie behind a tensor, from its shape and the digits of its types: `BF16`, `F32`. */
function bytesToRead({ shapeA, shapeB, dtypeA, dtypeB }: TensorDiff): number {
  const count = (shapeA ?? shapeB ?? []).reduce((product, length) => product * length, 1);
  const bits = [dtypeA, dtypeB].map((dtype) => Number(/\d+/.exec(dtype ?? '')?.[0] ?? 8));
  return (count * bits.reduce((total, size) => total + size, 0)) / 8;
}

/**
 * Everything about one tensor: statistics and histogram at once; rows, columns and picture at once where that costs little, else
 * on demand. Fires `close`, and `want-detail` when they are asked for.
 */
@customElement('rebase-tensor-detail')
export class TensorDetailView extends LitElement {
  static override styles = [baseStyles, actionStyles, statusStyles, tensorDetailStyles];

  @property({ attribute: false }) source!: TensorSource;
  @property({ attribute: false }) row = 0;
  /** Which report the row is of: another one is asked for its record anew. */
  @property() report = '';
  @property({ attribute: false }) obstacle: string | null = null;
  /** Rows and picture were asked for, before the panel was hidden or reloaded perhaps. */
  @property({ attribute: false }) wanted = false;
  @state() private tensor: Loading<TensorDiff> = { kind: 'none' };
  @state() private detail: Loading<TensorDetail> = { kind: 'none' };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('row') && !changed.has('source') && !changed.has('report')) return;
    this.detail = { kind: 'none' };
    void this.load(this.source.tensor(this.row), (state) => {
      this.tensor = state;
      if (state.kind === 'done') this.loadUnasked(state.value);
    });
  }

  /** What costs little, or was asked for before, is read without a click. */
  private loadUnasked(tensor: TensorDiff): void {
    const hasDetail = tensor.comparedCount !== null && tensor.status !== 'identical';
    if (hasDetail && this.obstacle === null && (this.wanted || bytesToRead(tensor) <= maxUnaskedBytes)) this.computeDetail();
  }

  /** Follows a request; an answer that comes after another tensor was chosen is dropped. */
  private async load<Value>(request: Promise<Value>, show: (state: Loading<Value>) => void): Promise<void> {
    const asked = this.row;
    let state: Loading<Value>;
    try {
      state = { kind: 'done', value: await request };
    } catch (error) {
      state = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
    if (asked === this.row) show(state);
  }

  private computeDetail(): void {
    this.detail = { kind: 'loading' };
    void this.load(this.source.detail(this.row), (state) => (this.detail = state));
  }

  private askForDetail(): void {
    this.dispatchEvent(new CustomEvent('want-detail'));
    this.computeDetail();
  }

  private renderHeader(tensor: TensorDiff | null): TemplateResult {
    const about = tensor
      ? html`<span class="status-${tensor.status}" title=${statusMeanings[tensor.status]}>${tensor.status}</span>
          <span class="muted">${dtypeText(tensor)}</span><span class="muted">${shapeText(tensor)}</span> ${renderMatch(tensor)}`
      : nothing;
    const name = tensor ? (tensor.nameB === null ? tensor.name : `${tensor.name} → ${tensor.nameB}`) : '';
    return html`<header>
      <h2 title=${name}>${name}</h2>
      ${about}
      <button class="action" aria-label="Close details" title="Close (Escape)" @click=${() => this.dispatchEvent(new CustomEvent('close'))}>
        ${icon('close')}
      </button>
    </header>`;
  }

  private renderStatistics(tensor: TensorDiff): TemplateResult {
    if (tensor.comparedCount === null) {
      return html`<p class="muted">No values were compared: ${statusMeanings[tensor.status]}. ${codesText(tensor)}</p>`;
    }
    return html`<dl>
      ${tensorFacts(tensor).map(
        ({ label, value, meaning }) =>
          html`<dt title=${meaning}>${label}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>`;
  }

  private renderDetailOffer(tensor: TensorDiff): TemplateResult {
    const failed = this.detail.kind === 'failed' ? html`<p class="failed" role="alert">${this.detail.message}</p>` : nothing;
    const loading = this.detail.kind === 'loading';
    return html`<div class="offer">
      ${failed}
      <p class="muted">
        ${this.obstacle === null ? `Rows, columns and a picture of Δ are read from the files: ${formatBytes(bytesToRead(tensor))}.` : `Rows, columns and a picture of Δ need the compared files. ${this.obstacle}`}
      </p>
      <vscode-button secondary ?disabled=${this.obstacle !== null || loading} @click=${() => this.askForDetail()}>
        ${loading ? 'Reading…' : failed === nothing ? 'Show Rows and Picture' : 'Try Again'}
      </vscode-button>
    </div>`;
  }

  private renderProfiles(): TemplateResult | typeof nothing {
    if (this.detail.kind !== 'done') return nothing;
    const { rowNorms, columnNorms, rowsPerEntry, columnsPerEntry, picture } = this.detail.value;
    return html`<rebase-profile kind="row" .norms=${rowNorms} .perEntry=${rowsPerEntry} .count=${picture.rowCount}></rebase-profile>
      <rebase-profile kind="column" .norms=${columnNorms} .perEntry=${columnsPerEntry} .count=${picture.columnCount}></rebase-profile>`;
  }

  private renderDetail(tensor: TensorDiff): TemplateResult {
    if (this.detail.kind !== 'done') return this.renderDetailOffer(tensor);
    const { changedRows, picture } = this.detail.value;
    return html`<rebase-picture class="figure" .picture=${picture}></rebase-picture>
      <rebase-changed-rows class="figure" .rows=${changedRows}></rebase-changed-rows>`;
  }

  private renderBody(tensor: TensorDiff): TemplateResult {
    const compared = tensor.comparedCount !== null;
    const spread = this.detail.kind === 'done' ? this.detail.value.spread : null;
    return html`<div class="body">
      ${this.renderStatistics(tensor)}
      <div class="figure">
        ${tensor.histogram ? html`<rebase-histogram .tensor=${tensor} .spread=${spread}></rebase-histogram>` : nothing}
        ${this.renderProfiles()}
      </div>
      ${compared && tensor.status !== 'identical' ? this.renderDetail(tensor) : nothing}
    </div>`;
  }

  override render(): TemplateResult {
    const { tensor } = this;
    if (tensor.kind === 'done') return html`${this.renderHeader(tensor.value)}${this.renderBody(tensor.value)}`;
    const message = tensor.kind === 'failed' ? html`<p class="failed" role="alert">${tensor.message}</p>` : nothing;
    return html`${this.renderHeader(null)}
      <div class="body">${message}</div>`;
  }
}

/** Why both names are one, where they are not the same name. */
function renderMatch({ matchedBy }: TensorDiff): TemplateResult | typeof nothing {
  if (matchedBy === null || matchedBy === 'equal name') return nothing;
  return html`<span class="muted match" title="Matched by: ${matchedBy}">${matchedBy}</span>`;
}
