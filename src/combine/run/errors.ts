/** The output cannot be started, continued or put in place; nothing was lost. The message says what to do. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}
