import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ChosenPoint } from '../model/connectivity/chosenPoint.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles } from '../shared/styles.js';

const aboutBars = 'Bars and ± are one standard error: bars of each score by itself, differences of the same windows, which tell far more.';

/** The chosen point in words, and what can be done with it. Fires `write` and `close`. */
@customElement('rebase-point-bar')
export class PointBar extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 18px;
        min-height: 34px;
        padding: 5px 8px 5px 12px;
        border-top: 1px solid var(--line);
      }
      strong {
        font-weight: 600;
      }
      dl {
        display: flex;
        flex: 1 1 220px;
        flex-wrap: wrap;
        gap: 2px 18px;
        min-width: 0;
      }
      dl div {
        display: flex;
        gap: 6px;
        min-width: 0;
      }
      dt {
        color: var(--muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .hint {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) point: ChosenPoint | null = null;
  /** The picture has error bars to be explained. */
  @property({ attribute: false }) hasBars = false;
  /** All inputs are there, so that the point can be written. */
  @property({ attribute: false }) obstacle: string | null = null;

  private send(type: 'write' | 'close'): void {
    this.dispatchEvent(new CustomEvent(type));
  }

  private hint({ place }: ChosenPoint): string {
    if (place === null) return 'This model is a checkpoint already';
    return this.obstacle ?? 'Plans the checkpoint and asks before anything is written';
  }

  override render(): TemplateResult {
    const { point, obstacle } = this;
    if (point === null) {
      return html`<span class="muted hint">Choose a point to write it as a checkpoint. ${this.hasBars ? aboutBars : nothing}</span>`;
    }
    const isFree = obstacle === null && point.place !== null;
    const hint = this.hint(point);
    return html`<strong>${point.title}</strong>
      <dl>
        ${point.facts.map(
          ([label, value]) =>
            html`<div>
              <dt>${label}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      <button class="action" title=${hint} ?disabled=${!isFree} @click=${() => this.send('write')}>
        Write This Point as a Checkpoint…
      </button>
      <button class="action" aria-label="Choose no point" @click=${() => this.send('close')}>${icon('close')}</button>`;
  }
}
