import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from './styles.js';

const keyStep = 0.03;

/**
 * The line between two panes: drag it, or move it with arrow keys. `share` is the part of the parent that the pane
 * before (`edge="start"`) or after it (`edge="end"`) takes. Fires `resize-to` with the wanted share.
 */
@customElement('rebase-splitter')
export class Splitter extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        position: relative;
        z-index: 2;
        background: var(--line);
      }
      div {
        position: absolute;
        touch-action: none;
      }
      .vertical {
        inset: 0 -2px;
        cursor: ew-resize;
      }
      .horizontal {
        inset: -2px 0;
        cursor: ns-resize;
      }
      div:hover,
      div:active {
        background: var(--vscode-sash-hoverBorder);
        transition: background 100ms 200ms;
      }
      div:focus-visible {
        outline: none;
        background: var(--focus);
      }
    `,
  ];

  @property() orientation: 'vertical' | 'horizontal' = 'vertical';
  @property() edge: 'start' | 'end' = 'start';
  @property() label = '';
  @property({ attribute: false }) share = 0.5;

  private resizeTo(share: number): void {
    this.dispatchEvent(new CustomEvent('resize-to', { detail: Math.min(0.85, Math.max(0.1, share)) }));
  }

  private onDrag(event: PointerEvent): void {
    const handle = event.currentTarget as HTMLElement;
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = this.parentElement?.getBoundingClientRect();
    if (!box) return;
    const before = this.orientation === 'vertical' ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height;
    this.resizeTo(this.edge === 'start' ? before : 1 - before);
  }

  private onKey(event: KeyboardEvent): void {
    const forward = this.orientation === 'vertical' ? 'ArrowRight' : 'ArrowDown';
    const back = this.orientation === 'vertical' ? 'ArrowLeft' : 'ArrowUp';
    if (event.key !== forward && event.key !== back) return;
    event.preventDefault();
    const grows = (event.key === forward) === (this.edge === 'start');
    this.resizeTo(this.share + (grows ? keyStep : -keyStep));
  }

  override render(): TemplateResult {
    return html`<div
      role="separator"
      tabindex="0"
      class=${this.orientation}
      aria-label=${this.label}
      aria-orientation=${this.orientation}
      aria-valuenow=${Math.round(this.share * 100)}
      aria-valuemin="10"
      aria-valuemax="85"
      @pointerdown=${(event: PointerEvent) => (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)}
      @pointermove=${(event: PointerEvent) => this.onDrag(event)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
    ></div>`;
  }
}
