import type { Rope } from '../../model/architecture/index.js';
import type { PositionInput } from './modelGraph.js';
import { rotaryTables } from './rotaryTables.js';

/** The kinds of position inputs of a model: layers with the same rotary embedding are of one kind. */
export class PositionKinds {
  readonly #kinds = new Map<string, { readonly kind: string; readonly rope: Rope | null }>();

  /** The kind of layers with this rotary embedding. */
  kindOf(rope: Rope | null): string {
    const key = JSON.stringify(rope);
    const known = this.#kinds.get(key) ?? { kind: `positions ${this.#kinds.size}`, rope };
    this.#kinds.set(key, known);
    return known.kind;
  }

  /** The position inputs of a kind for sequences of this length. */
  inputs(kind: string, length: number): PositionInput[] {
    const known = [...this.#kinds.values()].find((entry) => entry.kind === kind);
    if (known === undefined) throw new Error(`internal: no layer has position inputs of kind ${kind}`);
    return known.rope === null ? [] : rotaryTables(known.rope, length);
  }
}
