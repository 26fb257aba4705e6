import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from './icons.js';
import { actionStyles, baseStyles } from './styles.js';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  readonly disabled?: boolean;
}

/** A button that opens a list of commands. Fires `choose` with the item's id. */
@customElement('rebase-menu')
export class Menu extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    css`
      :host {
        display: inline-block;
        position: relative;
      }
      [role='menu'] {
        position: absolute;
        right: 0;
        top: calc(100% + 2px);
        z-index: 20;
        min-width: 180px;
        padding: 4px;
        border: 1px solid var(--vscode-menu-border, var(--line));
        border-radius: 5px;
        background: var(--vscode-menu-background);
        color: var(--vscode-menu-foreground);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      [role='menuitem'] {
        display: flex;
        justify-content: space-between;
        gap: 24px;
        padding: 2px 12px;
        line-height: 22px;
        border-radius: 3px;
        white-space: nowrap;
        cursor: pointer;
      }
      [role='menuitem']:focus,
      [role='menuitem']:hover {
        background: var(--vscode-menu-selectionBackground);
        color: var(--vscode-menu-selectionForeground);
        outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
        outline-offset: -1px;
      }
      [role='menuitem']:focus .muted,
      [role='menuitem']:hover .muted {
        color: inherit;
      }
      [role='menuitem'][aria-disabled='true'] {
        color: var(--vscode-disabledForeground);
        background: none;
        cursor: default;
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @state() private open = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node) || !this.contains(event.relatedTarget)) this.open = false;
    });
  }

  private itemElements(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  private async toggle(): Promise<void> {
    this.open = !this.open;
    await this.updateComplete;
    if (this.open) this.itemElements()[0]?.focus();
  }

  private close(): void {
    this.open = false;
    this.renderRoot.querySelector('button')?.focus();
  }

  private choose(item: MenuItem): void {
    if (item.disabled) return;
    this.close();
    this.dispatchEvent(new CustomEvent('choose', { detail: item.id }));
  }

  private onKey(event: KeyboardEvent, item: MenuItem, index: number): void {
    const elements = this.itemElements();
    const move = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: elements.length - 1 }[event.key];
    if (move !== undefined) elements.at(move % elements.length)?.focus();
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' || event.key === ' ') this.choose(item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private renderItem(item: MenuItem, index: number): TemplateResult {
    return html`<div
      role="menuitem"
      tabindex="-1"
      aria-disabled=${item.disabled ?? false}
      @click=${() => this.choose(item)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event, item, index)}
    >
      <span>${item.label}</span>${item.note ? html`<span class="muted">${item.note}</span>` : nothing}
    </div>`;
  }

  override render(): TemplateResult {
    return html`<button class="action" aria-haspopup="menu" aria-expanded=${this.open} @click=${() => this.toggle()}>
        ${this.label}${icon('chevronDown')}
      </button>
      ${this.open ? html`<div role="menu" aria-label=${this.label}>${this.items.map((item, index) => this.renderItem(item, index))}</div>` : nothing}`;
  }
}
