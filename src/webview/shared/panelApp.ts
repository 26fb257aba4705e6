import { css, type CSSResultGroup, LitElement, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { RequestMap } from '../channel.js';
import { problemStyles, renderProblem } from './problem.js';
import { actionStyles, baseStyles } from './styles.js';
import type { PanelHost } from './vscodeApi.js';

/** One screen high: what stays at the top, and the rest. */
const layoutStyles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    height: 100vh;
    overflow: auto;
    container-type: size;
  }
`;

/** The outermost element of a panel: asks its host for things, and says what went wrong with the last of them. */
export abstract class PanelApp<Requests extends RequestMap<Requests>, Events extends object> extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, actionStyles, problemStyles, layoutStyles];

  @state() private problem: string | null = null;

  constructor(protected readonly host: PanelHost<Requests, Events>) {
    super();
  }

  /** Runs a request and shows its failure as a message that can be dismissed. */
  protected async ask(action: () => Promise<unknown>): Promise<void> {
    this.problem = null;
    try {
      await action();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  protected renderProblem(): TemplateResult | null {
    return renderProblem(this.problem, () => (this.problem = null));
  }
}
