import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../base/exists.js';
import { manifestName } from '../manifestName.js';
import { JournalError, journalName, readJournal } from './journal.js';
import { whyForeign, whyNotReplaceable } from './replaceable.js';

/**
 * Whether a partial folder may be removed: an empty one, one whose journal lists every file in it, and a complete output
 * that lacks nothing but its name. A journal alone is what a run leaves that ends while it writes the first line.
 * @param isOurs Names that are the tool's own whatever journal and manifest say
 * @returns null when it may, else why not, with the remedy
 */
export async function whyNotAbandoned(folder: string, isOurs = (name: string): boolean => name === ''): Promise<string | null> {
  const names: readonly string[] = (await readdir(folder).catch(() => [])).filter((name) => !isOurs(name));
  if (!names.includes(journalName)) return whyNotReplaceable(folder, isOurs);
  if (names.length === 1) return null;
  const path = join(folder, journalName);
  const journal = await readJournal(path).catch(ignoreJournalError);
  if (journal === null && !(await exists(path))) return whyNotAbandoned(folder, isOurs); // its writer has come to the end meanwhile
  if (journal === null)
    return `${folder} holds a ${journalName} that this version of the tool cannot read, so it is not removed. Remove it yourself, or choose another name.`;
  return whyForeign(folder, names, [journalName, manifestName, ...journal.files]);
}

function ignoreJournalError(error: unknown): null {
  if (error instanceof JournalError) return null;
  throw error;
}
