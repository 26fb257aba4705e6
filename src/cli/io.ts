/** Where a command writes. Injected, so that commands run in tests without a process. */
export interface Io {
  /** The result. */
  readonly stdout: (text: string) => void;
  /** Progress and errors. */
  readonly stderr: (text: string) => void;
  /** Whether stderr is a terminal that can redraw a line; a log gets a line of progress now and then. */
  readonly interactive: boolean;
  /** Terminal width for tables; null when stdout is no terminal. */
  readonly columns: number | null;
  readonly signal: AbortSignal;
  /** Takes what to say when a second interrupt ends the process before it has cleaned up; null when nothing is left behind. */
  readonly onKill: (describe: () => string | null) => void;
}

/** 0 success, 1 a check failed, 2 error. */
export type ExitCode = 0 | 1 | 2;

/** A mistake in the command line: printed with a pointer to `--help`. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads a part of the command line; what is wrong with it is a mistake in the command line. @throws UsageError */
export function readFromUser<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
