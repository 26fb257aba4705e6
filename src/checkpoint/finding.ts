/** Something odd about a checkpoint that does not prevent reading it. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable identifier for tools, e.g. `index-total-size`. */
  readonly code: string;
  /** One sentence for people: what was expected, what was found, what to do. */
  readonly message: string;
  readonly tensor?: string;
  readonly file?: string;
}
