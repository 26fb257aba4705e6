/** Where a command writes. Injected, so that commands run in tests without a process. */
export interface Io {
  /** The result. */
  readonly stdout: (text: string) => void;
  /** Progress and errors. */
  readonly stderr: (text: string) => void;
  /** Whether stderr is a terminal that can redraw a line. */
  readonly interactive: boolean;
  /** Terminal width for tables; null when stdout is no terminal. */
  readonly columns: number | null;
  readonly signal: AbortSignal;
}

/** 0 success, 1 a check failed, 2 error. */
export type ExitCode = 0 | 1 | 2;

/** A mistake in the command line: printed with a pointer to `--help`. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
