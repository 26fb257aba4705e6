/** An outside command that cannot be run, or gave no score. The message says what to do. */
export class OutsideCommandError extends Error {
  override readonly name = 'OutsideCommandError';
}

/** An error that shows what the command said last. */
export function withLastLines(message: string, lastLines: readonly string[]): OutsideCommandError {
  const shown = lastLines.filter((line) => line.trim() !== '');
  const lines = shown.length === 0 ? ' It printed nothing.' : ` Its last lines:\n${shown.map((line) => `  ${line}`).join('\n')}`;
  return new OutsideCommandError(message + lines);
}
