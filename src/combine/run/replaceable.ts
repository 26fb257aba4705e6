import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestName } from '../manifestName.js';
import { readManifest } from './readManifest.js';

const mostNamed = 5;

/**
 * Whether a path may be removed to make place for an output: only a folder in which every file is one that this tool
 * wrote, by the manifest that lies there. An empty folder counts.
 * @param isOurs Names that are the tool's own whatever the manifest says
 * @returns null when it may, else why not, with the remedy
 */
export async function whyNotReplaceable(path: string, isOurs = (name: string): boolean => name === ''): Promise<string | null> {
  const stats = await lstat(path).catch(() => null);
  if (!stats?.isDirectory())
    return `${path} is no folder that this tool wrote, so it is not overwritten. Remove it yourself, or choose another name.`;
  const names = (await readdir(path)).filter((name) => !isOurs(name));
  if (names.length === 0) return null;
  const manifest = await readManifest(join(path, manifestName)).catch(() => null);
  if (manifest === null) {
    return `${path} was not written by this tool (it has no readable ${manifestName}), so it is not overwritten. Remove it yourself, or choose another name.`;
  }
  return whyForeign(path, names, [manifestName, ...manifest.shards.map(({ file }) => file), ...manifest.files.map(({ name }) => name)]);
}

/** @returns why a folder with these names in it is not overwritten when these are the tool's own; null when they all are. */
export function whyForeign(path: string, names: readonly string[], own: readonly string[]): string | null {
  const known = new Set(own);
  const foreign = names.filter((name) => !known.has(name));
  if (foreign.length === 0) return null;
  const named = foreign.slice(0, mostNamed).join(', ') + (foreign.length > mostNamed ? ', …' : '');
  return `${path} holds files that this tool did not write (${named}), so it is not overwritten. Move them away, or choose another name.`;
}
