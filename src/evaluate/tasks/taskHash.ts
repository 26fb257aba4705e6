import { createHash } from 'node:crypto';
import type { Tokenizer } from '../../model/tokenizer/index.js';

/** Counts up when tasks are turned into sequences in another way, so that stored results of the old way are not used. */
const ruleVersion = 1;

/** SHA-256 of all that a task's sequences and scores follow from. */
export function taskHash(
  kind: string,
  text: string,
  { hash, bosToken }: Tokenizer,
  settings: Readonly<Record<string, number | null>>,
): string {
  const facts = JSON.stringify([ruleVersion, kind, hash, bosToken, Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(facts).update('\0').update(text).digest('hex');
}
