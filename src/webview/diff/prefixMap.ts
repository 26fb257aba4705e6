import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PrefixRule } from '../../compare/report/index.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles } from '../shared/styles.js';

/** The prefix map, editable. Fires `rerun` with the new rules. */
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
      .actions {
        display: flex;
        gap: 8px;
        align-items: center;
      }
    `,
  ];

  @property({ attribute: false }) rules: readonly PrefixRule[] = [];
  @property({ attribute: false }) obstacle: string | null = null;
  @state() private edited: readonly PrefixRule[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('rules')) this.edited = this.rules;
  }

  private change(index: number, part: Partial<PrefixRule>): void {
    this.edited = this.edited.map((rule, other) => (other === index ? { ...rule, ...part } : rule));
  }

  private rerun(): void {
    const rules = this.edited.filter(({ from, to }) => from !== '' || to !== '');
    this.dispatchEvent(new CustomEvent('rerun', { detail: rules }));
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

  override render(): TemplateResult {
    return html`<p class="muted">
        A name in B that starts with the left prefix is matched as if it started with the right one. The first rule that fits is used.
      </p>
      ${this.edited.map((_, index) => this.renderRule(index))}
      <div class="actions">
        <button class="action" ?disabled=${this.obstacle !== null} @click=${() => (this.edited = [...this.edited, { from: '', to: '' }])}>
          ${icon('add')}Add Rule
        </button>
        <vscode-button ?disabled=${this.obstacle !== null} @click=${() => this.rerun()}>Compare Again</vscode-button>
        ${this.obstacle === null ? nothing : html`<span class="muted">${this.obstacle}</span>`}
      </div>`;
  }
}
