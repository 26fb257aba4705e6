import { readdir, stat } from 'node:fs/promises';
import { manifestName } from '../manifestName.js';
import type { Manifest } from './manifest.js';
import { ManifestError } from './readManifest.js';

/** @throws ManifestError when a path is no folder that this tool wrote, saying what it is instead */
export async function requireOutput(path: string): Promise<void> {
  const problem = await whyNoOutput(path);
  if (problem === null) return;
  throw new ManifestError(`${path}: ${problem}. Expected the folder that a transfer, a combination or a diff vector was written to.`);
}

async function whyNoOutput(path: string): Promise<string | null> {
  const stats = await stat(path).catch(() => null);
  if (stats === null) return 'no such folder';
  if (!stats.isDirectory()) return 'not a folder';
  const names = await readdir(path);
  return names.includes(manifestName) ? null : `not written by this tool, for it holds no ${manifestName}`;
}

/** Names in an output's folder that its manifest does not list, in byte order; folders end in a slash. */
export async function unlistedNames(folder: string, { shards, files }: Pick<Manifest, 'shards' | 'files'>): Promise<string[]> {
  const listed = new Set([manifestName, ...shards.map(({ file }) => file), ...files.map(({ name }) => name)]);
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(({ name }) => !listed.has(name))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
}
