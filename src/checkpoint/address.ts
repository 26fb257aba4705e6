import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { addressOfSum, parseSum, splitSum } from './addressSum.js';
import { cacheTitle } from './hubCache.js';
import { fileTitle } from './weightsName.js';

/**
 * Where a checkpoint is: the path of a file or folder, or `PATH#PART`, one of several at that path (a variant, a set of
 * shards, a component of a pipeline, a revision in a cache). Parts of parts follow: `PIPELINE#unet#fp16`.
 */
export interface Address {
  /** Absolute path of what is on the disk. */
  readonly path: string;
  /** From the outermost to the innermost; empty for the path itself. */
  readonly parts: readonly string[];
}

/**
 * Takes an address apart. The longest path that exists wins, so that names of files and folders may hold a `#`. Where
 * none exists the whole text is the path.
 */
export function parseAddress(text: string): Address {
  const whole = resolve(text);
  if (!whole.includes('#') || existsSync(whole)) return { path: whole, parts: [] };
  for (let end = whole.lastIndexOf('#'); end > 0; end = whole.lastIndexOf('#', end - 1)) {
    if (existsSync(whole.slice(0, end))) return { path: whole.slice(0, end), parts: whole.slice(end + 1).split('#') };
  }
  return { path: whole, parts: [] };
}

/** The address of one of several at another address. */
export function addressOfPart(address: string, part: string): string {
  return `${address}#${part}`;
}

/** The file or folder on the disk that an address is about; of a sum, that of its base. */
export function pathOfAddress(address: string): string {
  return parseAddress(parseSum(address).base).path;
}

/**
 * The folder that holds the files of what is at an address, of a sum those of its base; of one that names no revision in a cache
 * (`Checkpoint.path` does).
 */
export function folderOfAddress(address: string): string {
  const { path, parts } = parseAddress(parseSum(address).base);
  let folder = isFolder(path) ? path : dirname(path);
  for (const part of parts) {
    if (!isWithin(part) || !isFolder(join(folder, part))) break;
    folder = join(folder, part);
  }
  return folder;
}

/** The file or folder on the disk that holds what is at an address, and as little else as can be. */
export function placeOfAddress(address: string): string {
  const { path, parts } = parseAddress(parseSum(address).base);
  return parts.length === 0 ? path : folderOfAddress(address);
}

/** As `placeOfAddress`, of every term of a sum. */
export function placesOfAddress(address: string): readonly string[] {
  const { base, adapters } = parseSum(address);
  return [base, ...adapters.map((term) => term.address)].map(placeOfAddress);
}

/** Whether a part may name a subfolder: it leads into the folder, not out of it. */
export function isWithin(part: string): boolean {
  return part.split(/[/\\]/).every((name) => !['', '.', '..'].includes(name));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Whether there is something on the disk that an address, and every term of a sum, is about. */
export function addressExists(address: string): boolean {
  return placesOfAddress(address).every((place) => existsSync(place));
}

/** Whether an address is that of a file of weights, which the index of others is not. */
export function isFileAddress(address: string): boolean {
  const { base, adapters } = parseSum(address);
  const { path, parts } = parseAddress(base);
  return (
    adapters.length === 0 && parts.length === 0 && !path.endsWith('.json') && statSync(path, { throwIfNoEntry: false })?.isFile() === true
  );
}

/**
 * The short name of what is at an address, without looking there: a folder's or a file's own name (`base-1`,
 * `pipeline#unet`), `folder/model` for files that are called the same everywhere, `org/name@1a2b3c4` in a Hugging Face cache;
 * `base-1+adapter` for a sum.
 */
export function titleOf(text: string): string {
  const { base, adapters } = splitSum(text);
  const names = adapters.map(({ address, scale }) => ({ address: titleOfTerm(address), scale }));
  return addressOfSum({ base: titleOfTerm(base), adapters: names });
}

function titleOfTerm(text: string): string {
  const address = resolve(text);
  const inCache = cacheTitle(address);
  if (inCache !== null) return inCache;
  const title = fileTitle(basename(address));
  if (title === null) return basename(address) || address;
  const folder = basename(dirname(address));
  return title.isCommon && folder !== '' ? `${folder}/${title.stem}` : title.stem;
}
