import { explained } from './fileAccess.js';

/** The text of anything that was thrown, for people. */
export function messageOf(error: unknown): string {
  const told = explained(error);
  return told instanceof Error ? told.message : String(told);
}
