import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { icon } from './icons.js';
import './menuList.js';
import type { MenuItem, MenuList } from './menuList.js';
import { actionStyles, baseStyles } from './styles.js';

export type { MenuItem } from './menuList.js';

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
      rebase-menu-list {
        position: absolute;
        right: 0;
        top: calc(100% + 2px);
        z-index: 20;
      }
      :host([align='start']) rebase-menu-list {
        right: auto;
        left: 0;
      }
    `,
  ];

  @property() label = '';
  /** Which edge of the button the list is flush with. */
  @property({ reflect: true }) align: 'start' | 'end' = 'end';
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @state() private open = false;
  @query('rebase-menu-list') private list!: MenuList | null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node) || !this.contains(event.relatedTarget)) this.open = false;
    });
  }

  private async toggle(): Promise<void> {
    this.open = !this.open;
    await this.updateComplete;
    await this.list?.updateComplete;
    this.list?.focus();
  }

  private close(): void {
    this.open = false;
    this.renderRoot.querySelector('button')?.focus();
  }

  /** Switches stay open, so that several can be set. */
  private choose(id: string): void {
    const item = this.items.find((candidate) => candidate.id === id);
    if (item?.checked === undefined) this.close();
    this.dispatchEvent(new CustomEvent('choose', { detail: id }));
  }

  override render(): TemplateResult {
    return html`<button class="action" aria-haspopup="menu" aria-expanded=${this.open} @click=${() => this.toggle()}>
        ${this.label}${icon('chevronDown')}
      </button>
      ${
        this.open
          ? html`<rebase-menu-list
              .label=${this.label}
              .items=${this.items}
              @choose=${({ detail }: CustomEvent<string>) => this.choose(detail)}
              @leave=${() => this.close()}
            ></rebase-menu-list>`
          : nothing
      }`;
  }
}
