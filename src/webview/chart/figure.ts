import { css, LitElement, type PropertyValues } from 'lit';
import { state } from 'lit/decorators.js';
import type { ChartSize } from './chartLayout.js';
import { onThemeChange } from '../shared/theme.js';

/** Styles of what holds a picture that fills its element. */
export const figureHostStyles = css`
  :host {
    display: block;
    position: relative;
    min-width: 0;
    min-height: 0;
  }
  .stage {
    position: absolute;
    inset: 0;
    overflow: hidden;
    outline-offset: -1px;
  }
`;

/** Whether a position in a picture has changed: moves within one place are none. */
export function isElsewhere(position: unknown, before: unknown): boolean {
  return JSON.stringify(position) !== JSON.stringify(before);
}

/** A picture drawn by a template, as large as its element, drawn anew when its size or the theme changes. */
export abstract class Figure extends LitElement {
  @state() protected size: ChartSize = { width: 0, height: 0 };
  /** Escape has closed what is said of a point, until another one is pointed at. */
  @state() protected isSilent = false;
  private undo: (() => void)[] = [];

  /** The picture as it stands, for export. */
  get picture(): SVGSVGElement | null {
    return this.renderRoot.querySelector('svg.chart');
  }

  /** Resolves when the picture has been drawn at its size. */
  async drawn(): Promise<void> {
    await this.updateComplete;
    this.fit();
    await this.updateComplete;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const resize = new ResizeObserver(() => this.fit());
    resize.observe(this);
    // On the document, because a point under the pointer is told of without the focus.
    const silence = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') this.isSilent = true;
    };
    document.addEventListener('keydown', silence);
    const forget = (): void => document.removeEventListener('keydown', silence);
    this.undo = [() => resize.disconnect(), onThemeChange(() => this.requestUpdate()), forget];
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // Private properties of the pictures, which the type of `changed` cannot know.
    const keys = changed as ReadonlyMap<PropertyKey, unknown>;
    if (keys.has('hovered') || keys.has('focused')) this.isSilent = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const undo of this.undo) undo();
  }

  protected override firstUpdated(): void {
    this.fit();
  }

  private fit(): void {
    const { width, height } = this.getBoundingClientRect();
    if (width !== this.size.width || height !== this.size.height) this.size = { width: Math.floor(width), height: Math.floor(height) };
  }

  protected send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
