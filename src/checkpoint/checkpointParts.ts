import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOfPart, parseAddress } from './address.js';
import { enterFolders } from './enterFolders.js';
import { findPart } from './findPart.js';
import { pipelineIndexName, readFolder } from './readFolder.js';

/** One of the models that a pipeline is made of. */
export interface CheckpointPart {
  /** What the pipeline calls it: `unet`. */
  readonly name: string;
  readonly address: string;
}

/** The models of a pipeline, and what it names as one although there is no folder for it. */
export interface CheckpointParts {
  readonly parts: readonly CheckpointPart[];
  readonly absent: readonly string[];
}

/**
 * The models of a pipeline, in natural order of their names. `PIPELINE#fp16` has the variant of each part that has one, as
 * diffusers loads it.
 * @returns null for what is no pipeline, also where there is nothing
 */
export async function checkpointParts(address: string): Promise<CheckpointParts | null> {
  const { path, parts } = parseAddress(address);
  if (!(await isThere(path, (stats) => stats.isDirectory()))) return null;
  const place = await enterFolders(path, parts);
  if (!(await isThere(join(place.folder, pipelineIndexName), (stats) => stats.isFile()))) return null;
  const { components, absentComponents: absent } = await readFolder(place.folder);
  if (components === null) return null;
  const all = components.map((name) => ({ name, folder: join(place.folder, name), address: addressOfPart(place.address, name) }));
  const found = place.part === null ? all.map(({ name, address: part }) => ({ name, address: part })) : await variantOf(all, place.part);
  return found === null ? null : { parts: found, absent };
}

async function variantOf(
  parts: readonly (CheckpointPart & { readonly folder: string })[],
  variant: string,
): Promise<readonly CheckpointPart[] | null> {
  const hasVariant = await Promise.all(parts.map(async ({ folder }) => findPart(await readFolder(folder), variant) !== null));
  if (!hasVariant.includes(true)) return null;
  return parts.map(({ name, address }, i) => ({ name, address: hasVariant[i] ? addressOfPart(address, variant) : address }));
}

async function isThere(path: string, isKind: (stats: { isFile(): boolean; isDirectory(): boolean }) => boolean): Promise<boolean> {
  return stat(path).then(isKind, () => false);
}
