import { html, nothing, type TemplateResult } from 'lit';
import type { DiffView } from '../messages.js';
import { sparklinePath } from '../model/sparkline.js';
import { statusOf, type TensorColumnId, tensorColumns } from '../model/tensorColumns.js';
import type { GridRow } from '../shared/gridTemplates.js';
import { shownName } from '../shared/tensorName.js';

const sparkline = { width: 76, height: 16 };

/** Draws the rows of the table of tensors: bars and sparklines share their scales over all rows. */
export class TensorCells {
  private readonly largestChange: number;
  private readonly largestDistance: number;

  constructor(private readonly view: DiffView) {
    const { relativeChange, cosine } = view.table;
    this.largestChange = largestFinite(relativeChange);
    this.largestDistance = largestFinite(cosine.map((value) => 1 - value));
  }

  /** A row of the table in the given columns. */
  row(row: number, columns: readonly TensorColumnId[]): GridRow {
    const status = statusOf(this.view.table, row);
    return {
      cells: columns.map((id) => this.cell(id, row)),
      classes: columns.map((id) =>
        id === 'status' ? `status-${status}` : id === 'dtype' || id === 'shape' || id === 'match' ? 'quiet' : '',
      ),
    };
  }

  private cell(id: TensorColumnId, row: number): string | TemplateResult {
    const { table, layers } = this.view;
    const text = tensorColumns[id].text(table, row, layers);
    switch (id) {
      case 'layer':
        return text === '' ? '' : html`<span class="chip" title=${layers[table.layer[row] ?? -1]?.key ?? ''}>${text}</span>`;
      case 'name':
        return shownName(text, table.names[row] ?? text);
      case 'status':
        return statusOf(table, row) === 'changed' ? html`<span class="hidden">changed</span>` : text;
      case 'relativeChange':
        return withBar(text, table.relativeChange[row] ?? NaN, this.largestChange);
      case 'cosine':
        return withBar(text, 1 - (table.cosine[row] ?? NaN), this.largestDistance);
      case 'histogram':
        return this.sparkline(row);
      case 'changedShare':
      case 'maxAbsDelta':
      case 'signFlips':
      case 'shape':
      case 'dtype':
      case 'match':
        return text;
    }
  }

  private sparkline(row: number): TemplateResult | string {
    const { width, height } = sparkline;
    const path = sparklinePath(this.view.table.sparklines, row, width, height);
    if (path === '') return '';
    return html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
      <path d=${path}></path>
    </svg>`;
  }
}

function largestFinite(values: Float64Array): number {
  return values.reduce((largest, value) => (Number.isFinite(value) ? Math.max(largest, value) : largest), 0);
}

/** The text over a bar, as a share of the largest; what has no end fills the cell in another colour. */
function withBar(text: string, value: number, largest: number): TemplateResult {
  const share = value === Infinity ? 1 : value > 0 ? value / largest : 0;
  const bar = html`<svg class="bar ${value === Infinity ? 'unbounded' : ''}" aria-hidden="true">
    <rect width="${(100 * share).toFixed(1)}%" height="100%"></rect>
  </svg>`;
  return html`${share > 0 ? bar : nothing}<span class="over" title=${text}>${text}</span>`;
}
