import { visibleLines, visibleText } from '../base/visibleText.js';
import { messageOf } from '../base/errors.js';

/** What a command runs in. Injected, so that commands run in tests without a process. */
export interface Terminal {
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

/** Where a command writes: invisible characters of the text, which may be a stranger's, come out escaped. */
export interface Io extends Terminal {
  /** Puts a line in the place of the one that stderr's terminal shows last. */
  readonly redraw: (line: string) => void;
}

const clearLine = '\r\u001b[2K';

export function ioOf(terminal: Terminal): Io {
  return {
    ...terminal,
    stdout: (text) => terminal.stdout(visibleLines(text)),
    stderr: (text) => terminal.stderr(visibleLines(text)),
    redraw: (line) => terminal.stderr(`${clearLine}${visibleText(line)}`),
  };
}

/** 0 success, 1 a check failed, 2 error, 3 a check could not be decided. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A mistake in the command line: printed with a pointer to `--help`. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads a part of the command line; what is wrong with it is a mistake in the command line. @throws UsageError */
export function readFromUser<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}
