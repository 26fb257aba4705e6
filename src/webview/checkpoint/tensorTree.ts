import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { CheckpointSummary } from '../checkpointSummary.js';
import { groupKeys, makeCheckpointTree, parentRow, type TreeNode, type TreeRow, visibleTreeRows } from '../model/checkpointTree.js';
import type { CheckpointUiState } from '../model/checkpointUiState.js';
import { formatCount, plural } from '../../base/format.js';
import { wordFilter } from '../model/words.js';
import type { Grid } from '../shared/grid.js';
import type { GridRow } from '../shared/gridTemplates.js';
import '../shared/grid.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import { tensorTreeStyles } from './tensorTreeStyles.js';
import { treeColumns, treeRow } from './treeRows.js';

/** Layers, modules and tensors as a virtual tree with a filter. Fires `ui`, `scrolled` and `copy-name`. */
@customElement('rebase-tensor-tree')
export class TensorTree extends LitElement {
  static override styles = [baseStyles, actionStyles, tensorTreeStyles];

  @property({ attribute: false }) summary!: CheckpointSummary;
  @property({ attribute: false }) ui!: CheckpointUiState;
  @query('rebase-grid') private grid!: Grid;
  private tree: readonly TreeNode[] = [];
  private rows: readonly TreeRow[] = [];
  private active = -1;
  private renderRow: (position: number) => GridRow = () => ({ cells: [] });

  protected override willUpdate(changed: PropertyValues<this>): void {
    const previous = changed.get('ui') ?? this.ui;
    if (changed.has('summary')) this.tree = makeCheckpointTree(this.summary.tensors);
    if (changed.has('summary') || previous.expanded !== this.ui.expanded || previous.text !== this.ui.text) this.arrange();
    if (previous.text !== this.ui.text) this.active = -1;
  }

  private arrange(): void {
    const { names } = this.summary.tensors;
    const passes = wordFilter(this.ui.text);
    const matches = passes && ((tensor: number): boolean => passes(names[tensor] ?? ''));
    const expanded = new Set(this.ui.expanded);
    this.rows = visibleTreeRows(this.tree, expanded, matches);
    this.renderRow = (position) => treeRow(this.summary, this.rows[position], (key) => matches !== null || expanded.has(key));
  }

  private patch(part: Partial<CheckpointUiState>): void {
    this.dispatchEvent(new CustomEvent('ui', { detail: part }));
  }

  private setExpanded(key: string, open: boolean): void {
    const others = this.ui.expanded.filter((other) => other !== key);
    this.patch({ expanded: open ? [...others, key] : others });
  }

  private activate(position: number): void {
    this.active = position;
    this.requestUpdate();
  }

  private open(position: number): void {
    const row = this.rows[position];
    this.activate(position);
    if (row?.kind === 'group') this.setExpanded(row.group.key, !this.ui.expanded.includes(row.group.key));
  }

  private nameOf(position: number): string | null {
    const row = this.rows[position];
    return row?.kind === 'tensor' ? (this.summary.tensors.names[row.tensor] ?? null) : null;
  }

  private copyName(): void {
    const name = this.nameOf(this.active);
    if (name !== null) this.dispatchEvent(new CustomEvent('copy-name', { detail: name }));
  }

  private onKey(event: KeyboardEvent): void {
    const row = this.rows[this.active];
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') this.copyName();
    else if (event.key === 'ArrowRight' && row?.kind === 'group') this.setExpanded(row.group.key, true);
    else if (event.key === 'ArrowLeft') this.collapseOrLeave(row);
    else return;
    event.preventDefault();
  }

  private collapseOrLeave(row: TreeRow | undefined): void {
    if (row?.kind === 'group' && this.ui.expanded.includes(row.group.key)) this.setExpanded(row.group.key, false);
    else {
      const parent = parentRow(this.rows, this.active);
      if (parent === null) return;
      this.grid.reveal(parent);
      this.activate(parent);
    }
  }

  private renderBar(): TemplateResult {
    const shown = this.ui.text.trim() === '' ? '' : `${formatCount(this.rows.filter(({ kind }) => kind === 'tensor').length)} of `;
    return html`<div class="bar">
      <h2>Tensors</h2>
      <vscode-textfield
        .label=${'Filter tensors by name'}
        placeholder="Filter by name"
        .value=${this.ui.text}
        @input=${(event: Event) => this.patch({ text: (event.target as HTMLInputElement).value })}
      >
        <span slot="content-before" class="search">${icon('search')}</span>
      </vscode-textfield>
      <button class="action" @click=${() => this.patch({ expanded: groupKeys(this.tree) })}>Expand All</button>
      <button class="action" @click=${() => this.patch({ expanded: [] })}>Collapse All</button>
      <button class="action" ?disabled=${this.nameOf(this.active) === null} @click=${() => this.copyName()}>
        ${icon('copy')}Copy Name
      </button>
      <span class="count muted" role="status">${shown}${plural(this.summary.tensors.length, 'tensor')}</span>
    </div>`;
  }

  override render(): TemplateResult {
    return html`${this.renderBar()}
      <rebase-grid
        label="Tensors"
        .tree=${true}
        .columns=${treeColumns(this.summary)}
        .rowCount=${this.rows.length}
        .renderRow=${this.renderRow}
        .active=${this.active}
        .initialScrollTop=${this.ui.scrollTop}
        .emptyText=${'No tensor has such a name.'}
        @row-open=${({ detail }: CustomEvent<number>) => this.open(detail)}
        @row-active=${({ detail }: CustomEvent<number>) => this.activate(detail)}
        @grid-key=${({ detail }: CustomEvent<KeyboardEvent>) => this.onKey(detail)}
        @grid-scroll=${({ detail }: CustomEvent<number>) => this.dispatchEvent(new CustomEvent('scrolled', { detail }))}
      ></rebase-grid>`;
  }
}
