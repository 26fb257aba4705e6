import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inNaturalOrder } from '../base/naturalOrder.js';
import { toAccessError } from '../base/fileAccess.js';

/** The names in a folder, each kind in natural order. */
export interface FolderListing {
  /** Regular files, and links to them. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Links that lead nowhere, pipes and devices: they are there, but hold nothing that can be read. */
  readonly others: readonly string[];
}

/** @throws FileAccessError when it is no folder, or may not be read */
export async function listFolder(folder: string): Promise<FolderListing> {
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw toAccessError(folder, error);
  });
  const entries = inNaturalOrder(found, ({ name }) => name);
  const kinds = await Promise.all(entries.map((entry) => kindOf(folder, entry)));
  const named = (kind: Kind): string[] => entries.filter((_, index) => kinds[index] === kind).map(({ name }) => name);
  return { files: named('file'), folders: named('folder'), others: named('other') };
}

type Kind = 'file' | 'folder' | 'other';

async function kindOf(folder: string, entry: Dirent): Promise<Kind> {
  const facts = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => null) : entry;
  if (facts?.isFile() === true) return 'file';
  return facts?.isDirectory() === true ? 'folder' : 'other';
}
