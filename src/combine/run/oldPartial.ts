import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../base/exists.js';
import { isMissing } from '../../base/fileAccess.js';
import { partialPath } from '../../base/ownership/occupant.js';
import { isOwnerId, newOwner } from '../../base/ownership/owner.js';
import { manifestName } from '../manifestName.js';
import { jobPaths } from '../outputPaths.js';
import { journalName, readJournal } from './journal.js';
import { readManifest } from './readManifest.js';

const adoptingEnding = '.adopting';
/** Files of which an old partial output has one at any time. */
const keys = [journalName, manifestName];

/** Whether a folder of that name is made while an old partial output is brought into another one. */
export function isAdopting(name: string): boolean {
  return name.endsWith(adoptingEnding) && isOwnerId(name.slice(0, -adoptingEnding.length));
}

/** The folder into which another process has begun to bring an old partial output; null when there is none. */
export async function begunAdoption(container: string): Promise<string | null> {
  for (const name of (await namesIn(container)).filter(isAdopting)) {
    const place = jobPaths(join(container, name)).output;
    for (const key of keys) if (await exists(join(place, key))) return join(container, name);
  }
  return null;
}

/**
 * Brings what an earlier version left in `<output>.partial`, a journal and files side by side, into a folder there that can be
 * taken over as any other. Whoever moves the journal (or, of a complete output, the manifest), which has a fixed name and goes
 * once, moves the rest; another process may take the rest from it at any time, and then goes on with it. That all
 * of it is the tool's own, and may be taken, the caller has made sure.
 */
export async function adoptOldPartial(output: string): Promise<void> {
  const container = partialPath(output);
  const names = await namesIn(container);
  const folder = join(container, newOwner().id);
  const adopting = folder + adoptingEnding;
  const begun = await begunAdoption(container);
  const key = keys.find((name) => names.includes(name));
  if (begun === null && key === undefined) for (const name of names.filter(isAdopting)) await dropEmpty(join(container, name));
  const isMine = begun !== null ? await moved(begun, adopting) : key !== undefined && (await beginWith(container, key, adopting));
  if (!isMine) return;
  const place = jobPaths(adopting).output;
  for (const name of await filesOf(place)) await moved(join(container, name), join(place, name));
  await moved(adopting, folder);
}

/** @returns false when another process was first */
async function beginWith(container: string, key: string, adopting: string): Promise<boolean> {
  const place = jobPaths(adopting).output;
  await mkdir(place, { recursive: true });
  if (await moved(join(container, key), join(place, key))) return true;
  await dropEmpty(adopting);
  return false;
}

async function dropEmpty(adopting: string): Promise<void> {
  await rmdir(jobPaths(adopting).output).catch(() => undefined);
  await rmdir(adopting).catch(() => undefined);
}

/** What belongs to the output that the journal or manifest here is of; nothing when another process has taken it. */
async function filesOf(place: string): Promise<readonly string[]> {
  const journal = await readJournal(join(place, journalName));
  if (journal !== null) return [manifestName, ...journal.files];
  const manifest = await readManifest(join(place, manifestName)).catch(() => null);
  return manifest === null ? [] : [...manifest.shards.map(({ file }) => file), ...manifest.files.map(({ name }) => name)];
}

/** @returns false when there is no such file, or no such folder to move it to, any more */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
