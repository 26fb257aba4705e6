/** An outside command that cannot be run, or gave no score. The message says what to do. */
export class OutsideCommandError extends Error {
  override readonly name = 'OutsideCommandError';
}
