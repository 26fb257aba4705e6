/** What is wrong in a lineage file, and where. */
export interface LineageFault {
  readonly file: string;
  /** A path in the JSON: `releases[1].base`; empty for the file as a whole. */
  readonly place: string;
  readonly expected: string;
  readonly found: string;
  /** What the user can do next, as a sentence. */
  readonly remedy: string;
}

/** A lineage file that cannot be read as one, or was changed by somebody else. */
export class LineageError extends Error {
  override readonly name = 'LineageError';

  constructor(
    readonly fault: LineageFault,
    options?: ErrorOptions,
  ) {
    super(describe(fault), options);
  }
}

function describe({ file, place, expected, found, remedy }: LineageFault): string {
  return `${file}: ${place === '' ? '' : `${place}: `}expected ${expected}, found ${found}. ${remedy}`;
}
