import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DiffView, ExportFormat, FileComparison } from '../messages.js';
import { formatSeconds } from '../../base/format.js';
import { describeSides, textFiles } from '../model/overview.js';
import { icon } from '../shared/icons.js';
import type { MenuItem } from '../shared/menu.js';
import '../shared/menu.js';
import { actionStyles, baseStyles, headerStyles } from '../shared/styles.js';

const exportItems: readonly (MenuItem & { id: ExportFormat })[] = [
  { id: 'modeldiff', label: 'Model diff', note: '*.modeldiff.json' },
  { id: 'json', label: 'JSON', note: '*.json' },
  { id: 'csv', label: 'Table of tensors', note: '*.csv' },
  { id: 'markdown', label: 'Summary', note: '*.md' },
];

const sideNotes = { a: 'only in A', b: 'only in B' };

/** Who is compared, by which engine, and what can be done with the result. Fires `reveal`, `export`, `open-file`, `rerun`, `swap`, `transfer`, `interpolate`. */
@customElement('rebase-diff-header')
export class DiffHeader extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    headerStyles,
    css`
      h1 {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
      }
      h1 svg {
        flex: none;
        color: var(--muted);
      }
      h1 button {
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      h1 button:hover {
        color: var(--vscode-textLink-activeForeground);
        text-decoration: underline;
      }
    `,
  ];

  @property({ attribute: false }) view!: DiffView;
  /** Both inputs can still be read. */
  @property({ attribute: false }) obstacle: string | null = null;
  /** Files that lie beside both sides; null until they were compared. */
  @property({ attribute: false }) files: readonly FileComparison[] | null = null;

  private send(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private renderSide(side: 'a' | 'b'): TemplateResult {
    const { name, path } = this.view[side];
    return html`<button title="${path} – show in the Explorer" @click=${() => this.send('reveal', side)}>${name}</button>`;
  }

  private renderFacts(): TemplateResult {
    const { a, b, engine, seconds } = this.view;
    const models = describeSides(a, b);
    return html`<div class="facts" title=${models}>${models}</div>
      <div class="facts"><span title=${engine.reason}>${engine.detail} · ${formatSeconds(seconds)}</span></div>`;
  }

  private fileNote(file: string): string {
    const found = this.files?.find((candidate) => candidate.file === file);
    return found === undefined ? '' : found.same ? 'same' : 'differs';
  }

  private renderFiles(): TemplateResult | typeof nothing {
    const items = textFiles(this.view).map(({ file, side }) => {
      const note = side === 'both' ? this.fileNote(file) : sideNotes[side];
      return { id: file, label: file, note, disabled: side !== 'both' || this.obstacle !== null };
    });
    const differing = this.files?.filter(({ same }) => !same).length ?? 0;
    if (items.length === 0) return nothing;
    return html`<rebase-menu
      label=${differing === 0 ? 'Compare Files' : `Compare Files (${differing})`}
      .items=${items}
      @choose=${({ detail }: CustomEvent<string>) => this.send('open-file', detail)}
    ></rebase-menu>`;
  }

  override render(): TemplateResult {
    const transferHint = this.obstacle ?? 'Carry this change to another model';
    const interpolateHint = this.obstacle ?? 'Score the way from A to B';
    const rerunHint = this.obstacle ?? 'Compare again';
    return html`<div class="names">
        <h1>${this.renderSide('a')}${icon('arrow')}${this.renderSide('b')}</h1>
        ${this.renderFacts()}
      </div>
      <div class="actions" role="toolbar" aria-label="Actions">
        ${this.renderFiles()}
        <button
          class="action"
          title=${this.obstacle ?? 'Compare B with A instead'}
          aria-label="Swap sides"
          ?disabled=${this.obstacle !== null}
          @click=${() => this.send('swap')}
        >
          ${icon('swap')}
        </button>
        <button class="action" title=${transferHint} ?disabled=${this.obstacle !== null} @click=${() => this.send('transfer')}>
          Transfer…
        </button>
        <button class="action" title=${interpolateHint} ?disabled=${this.obstacle !== null} @click=${() => this.send('interpolate')}>
          Interpolate…
        </button>
        <rebase-menu
          label="Export"
          .items=${exportItems}
          @choose=${({ detail }: CustomEvent<ExportFormat>) => this.send('export', detail)}
        ></rebase-menu>
        <button
          class="action"
          title=${rerunHint}
          aria-label="Compare again"
          ?disabled=${this.obstacle !== null}
          @click=${() => this.send('rerun')}
        >
          ${icon('refresh')}
        </button>
      </div>`;
  }
}
