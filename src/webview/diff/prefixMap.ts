import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textarea/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PrefixRule } from '../../compare/report/index.js';
import { formatCount } from '../../base/format.js';
import type { ChosenNameRules } from '../messages.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles } from '../shared/styles.js';

/** Reasons that are listed. */
const maxReasons = 12;

/** Why names were matched, and the rules for them, editable. Fires `rerun` with the new rules. */
@customElement('rebase-prefix-map')
export class PrefixMap extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    css`
      :host {
        display: grid;
        gap: 6px;
        justify-items: start;
      }
      .rule {
        display: grid;
        grid-template-columns: minmax(120px, 240px) 16px minmax(120px, 240px) auto;
        align-items: center;
        gap: 8px;
      }
      vscode-textfield {
        width: 100%;
      }
      .reasons td {
        padding: 1px 20px 1px 0;
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      .reasons td:first-child {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      vscode-textarea {
        width: min(640px, 100%);
      }
      .actions {
        display: flex;
        gap: 8px;
        align-items: center;
      }
    `,
  ];

  @property({ attribute: false }) rules: readonly PrefixRule[] = [];
  @property({ attribute: false }) nameRules: readonly string[] = [];
  @property({ attribute: false }) reasons: readonly { readonly reason: string; readonly count: number }[] = [];
  @property({ attribute: false }) obstacle: string | null = null;
  @state() private edited: readonly PrefixRule[] = [];
  @state() private editedNames = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('rules')) this.edited = this.rules;
    if (changed.has('nameRules')) this.editedNames = this.nameRules.join('\n');
  }

  private change(index: number, part: Partial<PrefixRule>): void {
    this.edited = this.edited.map((rule, other) => (other === index ? { ...rule, ...part } : rule));
  }

  private rerun(): void {
    const prefixMap = this.edited.filter(({ from, to }) => from !== '' || to !== '');
    const nameRules = this.editedNames.split('\n').filter((line) => line.trim() !== '');
    const detail: ChosenNameRules = { prefixMap, nameRules };
    this.dispatchEvent(new CustomEvent('rerun', { detail }));
  }

  private renderField(index: number, side: keyof PrefixRule, label: string): TemplateResult {
    const value = this.edited[index]?.[side] ?? '';
    return html`<vscode-textfield
      .label=${label}
      placeholder=${label}
      .value=${value}
      ?disabled=${this.obstacle !== null}
      @input=${(event: Event) => this.change(index, { [side]: (event.target as HTMLInputElement).value })}
    ></vscode-textfield>`;
  }

  private renderRule(index: number): TemplateResult {
    return html`<div class="rule">
      ${this.renderField(index, 'from', 'Prefix in B')}${icon('arrow')}${this.renderField(index, 'to', 'Prefix in A')}
      <button
        class="action"
        aria-label="Remove rule ${index + 1}"
        title="Remove"
        ?disabled=${this.obstacle !== null}
        @click=${() => (this.edited = this.edited.filter((_, other) => other !== index))}
      >
        ${icon('close')}
      </button>
    </div>`;
  }

  /** How many tensors were matched for each reason. */
  private renderReasons(): TemplateResult | typeof nothing {
    if (this.reasons.length === 0) return nothing;
    const rows = this.reasons.slice(0, maxReasons).map(
      ({ reason, count }) =>
        html`<tr>
          <td>${formatCount(count)}</td>
          <td>${reason}</td>
        </tr>`,
    );
    const rest = this.reasons.length - maxReasons;
    return html`<table class="reasons" aria-label="Matched by">
        <tbody>
          ${rows}
        </tbody>
      </table>
      ${rest > 0 ? html`<p class="muted">… and ${formatCount(rest)} more reasons (export the report for all)</p>` : nothing}`;
  }

  private renderNameRules(): TemplateResult {
    return html`<p class="muted">
        Name rules come first, one a line: PATTERN=NAME. A name in B that fits PATTERN is NAME in A; $1, $2 … stand for what each * ? and
        {…} fitted.
      </p>
      <vscode-textarea
        .label=${'Name rules'}
        placeholder="layers.*.attention.wq.*=model.layers.$1.self_attn.q_proj.$2"
        rows="3"
        .value=${this.editedNames}
        ?disabled=${this.obstacle !== null}
        @input=${(event: Event) => (this.editedNames = (event.target as HTMLTextAreaElement).value)}
      ></vscode-textarea>`;
  }

  override render(): TemplateResult {
    return html`${this.renderReasons()}
      <p class="muted">
        A name in B that starts with the left prefix is matched as if it started with the right one. The first rule that fits is used.
      </p>
      ${this.edited.map((_, index) => this.renderRule(index))} ${this.renderNameRules()}
      <div class="actions">
        <button class="action" ?disabled=${this.obstacle !== null} @click=${() => (this.edited = [...this.edited, { from: '', to: '' }])}>
          ${icon('add')}Add Rule
        </button>
        <vscode-button ?disabled=${this.obstacle !== null} @click=${() => this.rerun()}>Compare Again</vscode-button>
        ${this.obstacle === null ? nothing : html`<span class="muted">${this.obstacle}</span>`}
      </div>`;
  }
}
