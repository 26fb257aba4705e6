import type { Finding } from '../checkpoint/index.js';

/** Candidates cannot be combined as asked for: every reason, a line each. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(readonly refusals: readonly Finding[]) {
    super(refusals.map(({ message }) => message).join('\n'));
  }
}
