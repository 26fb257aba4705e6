import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import './menuList.js';
import type { MenuItem, MenuList } from './menuList.js';
import { baseStyles } from './styles.js';

interface OpenMenu {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly choose: (id: string) => void;
}

/** Where a menu opens, in pixels of the page. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

const margin = 4;

/** A menu that opens at a place, for right clicks and the menu key. Closes when it loses the focus, which goes back to where it was. */
@customElement('rebase-context-menu')
export class ContextMenu extends LitElement {
  static override styles = [
    baseStyles,
    css`
      rebase-menu-list {
        position: fixed;
        z-index: 30;
      }
    `,
  ];

  @state() private menu: OpenMenu | null = null;
  @query('rebase-menu-list') private list!: MenuList | null;
  private returnTo: HTMLElement | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node) || !this.contains(event.relatedTarget)) this.menu = null;
    });
  }

  /** @param returnTo gets the focus back */
  async open(menu: OpenMenu, place: MenuPlace, returnTo: HTMLElement): Promise<void> {
    this.menu = menu;
    this.returnTo = returnTo;
    await this.updateComplete;
    await this.list?.updateComplete;
    if (this.list === null) return;
    const { width, height } = this.list.getBoundingClientRect();
    // Set through the style object: the content security policy refuses style attributes.
    this.list.style.left = `${Math.max(margin, Math.min(place.x, innerWidth - width - margin))}px`;
    this.list.style.top = `${Math.max(margin, Math.min(place.y, innerHeight - height - margin))}px`;
    this.list.focus();
  }

  private close(): void {
    this.menu = null;
    this.returnTo?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const { menu } = this;
    if (menu === null) return nothing;
    const choose = ({ detail }: CustomEvent<string>): void => {
      this.close();
      menu.choose(detail);
    };
    return html`<rebase-menu-list
      .label=${menu.label}
      .items=${menu.items}
      @choose=${choose}
      @leave=${() => this.close()}
    ></rebase-menu-list>`;
  }
}
