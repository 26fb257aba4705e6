import { css, LitElement } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { ChosenKey } from '../model/connectivity/chosenPoint.js';
import type { Measure } from '../model/connectivity/measure.js';
import type { ConnectivityUiState } from '../model/connectivity/uiState.js';
import type { Figure } from '../chart/figure.js';

export const paneStyles = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }
`;

/** A run as a picture or as the table behind it. Fires `choose` with a `ChosenKey`, and `sort-change`. */
export abstract class Pane extends LitElement {
  @property({ attribute: false }) task = 0;
  @property() measure: Measure = 'loss';
  @property({ attribute: false }) asTable = false;
  @property({ attribute: false }) sort: ConnectivityUiState['sort'] = null;
  @property({ attribute: false }) chosen: ChosenKey | null = null;
  @query('.figure') private figure!: Figure | null;

  /** The picture as it stands; null while the table is shown. */
  get picture(): SVGSVGElement | null {
    return this.figure?.picture ?? null;
  }

  /** Resolves when the picture has been drawn at its size. */
  async drawn(): Promise<void> {
    await this.updateComplete;
    await this.figure?.drawn();
  }

  protected choose(key: ChosenKey): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: key }));
  }

  protected passOn({ type, detail }: CustomEvent<unknown>): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
