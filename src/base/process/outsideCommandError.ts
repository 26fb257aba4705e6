/** An outside command that cannot be run, or gave no score. The message says what to do. */
export class OutsideCommandError extends Error {
  override readonly name = 'OutsideCommandError';
}

/** Characters of a line that are shown: a flood has few line ends. */
const longestShownLine = 300;

/** An error that shows what the command said last. */
export function withLastLines(message: string, lastLines: readonly string[]): OutsideCommandError {
  const shown = lastLines.filter((line) => line.trim() !== '');
  const lines = shown.length === 0 ? ' It printed nothing.' : ` Its last lines:\n${shown.map((line) => `  ${shorten(line)}`).join('\n')}`;
  return new OutsideCommandError(message + lines);
}

function shorten(line: string): string {
  return line.length > longestShownLine ? `${line.slice(0, longestShownLine)}…` : line;
}
