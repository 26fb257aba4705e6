import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icon } from './icons.js';
import { baseStyles } from './styles.js';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  readonly disabled?: boolean;
  /** For items that switch something on and off. */
  readonly checked?: boolean;
  /** A line above it. */
  readonly startsGroup?: boolean;
}

/** The items of an open menu. Fires `choose` with an item's id, and `leave` on Escape. */
@customElement('rebase-menu-list')
export class MenuList extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        min-width: 180px;
        max-height: 70vh;
        padding: 4px;
        overflow: auto;
        border: 1px solid var(--vscode-menu-border, var(--line));
        border-radius: 5px;
        background: var(--vscode-menu-background);
        color: var(--vscode-menu-foreground);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      .item {
        display: flex;
        gap: 8px;
        padding: 2px 12px 2px 8px;
        line-height: 22px;
        border-radius: 3px;
        white-space: nowrap;
        cursor: pointer;
      }
      .label {
        flex: 1;
        margin-right: 16px;
        max-width: 420px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .tick {
        display: inline-flex;
        align-items: center;
        width: 16px;
      }
      .line {
        margin: 4px 0;
        border-top: 1px solid var(--vscode-menu-separatorBackground, var(--line));
      }
      .item:focus,
      .item:hover {
        background: var(--vscode-menu-selectionBackground);
        color: var(--vscode-menu-selectionForeground);
        outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
        outline-offset: -1px;
      }
      .item:focus .muted,
      .item:hover .muted {
        color: inherit;
      }
      .item[aria-disabled='true'] {
        color: var(--vscode-disabledForeground);
        background: none;
        cursor: default;
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) items: readonly MenuItem[] = [];

  override focus(): void {
    this.elements()[0]?.focus();
  }

  private elements(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.item')];
  }

  private choose(item: MenuItem): void {
    if (!item.disabled) this.dispatchEvent(new CustomEvent('choose', { detail: item.id }));
  }

  private onKey(event: KeyboardEvent, item: MenuItem, index: number): void {
    const elements = this.elements();
    const move = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: elements.length - 1 }[event.key];
    if (move !== undefined) elements.at(move % elements.length)?.focus();
    else if (event.key === 'Escape') this.dispatchEvent(new CustomEvent('leave'));
    else if (event.key === 'Enter' || event.key === ' ') this.choose(item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private renderItem(item: MenuItem, index: number, hasTicks: boolean): TemplateResult {
    return html`${item.startsGroup ? html`<div class="line" role="separator"></div>` : nothing}
      <div
        class="item"
        role=${item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
        tabindex="-1"
        aria-disabled=${item.disabled ?? false}
        aria-checked=${item.checked ?? nothing}
        @click=${() => this.choose(item)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, item, index)}
      >
        ${hasTicks ? html`<span class="tick">${item.checked ? icon('check') : nothing}</span>` : nothing}
        <span class="label">${item.label}</span>${item.note ? html`<span class="muted">${item.note}</span>` : nothing}
      </div>`;
  }

  override render(): TemplateResult {
    const hasTicks = this.items.some(({ checked }) => checked !== undefined);
    return html`<div role="menu" aria-label=${this.label}>${this.items.map((item, index) => this.renderItem(item, index, hasTicks))}</div>`;
  }
}
