import nodePath, { type PlatformPath } from 'node:path';
import { visibleText } from './visibleText.js';

/**
 * Where paths may lead that were read out of files: folders, or anywhere (null). A path in a stranger's file may be another
 * machine's, and looking at that already tells it the user's name.
 */
export type AllowedFolders = readonly string[] | null;

/** A file names a path that leads out of the allowed folders. Nothing was looked at. */
export class PathRefusedError extends Error {
  override readonly name = 'PathRefusedError';
}

/**
 * Whether a path may be looked at. Decided by its text alone: the disk is not asked, and no link is followed. Behind a plus it may name
 * further paths (of adapters): those that could lead anywhere have to be allowed themselves.
 */
export function isAllowed(folders: AllowedFolders, path: string, platform: PlatformPath = nodePath): boolean {
  if (folders === null) return true;
  const further = path
    .split('+')
    .slice(1)
    .filter((piece) => platform.isAbsolute(piece) || /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(piece));
  return [path, ...further].every((place) => folders.some((folder) => isWithin(folder, place, platform)));
}

function isWithin(folder: string, path: string, platform: PlatformPath): boolean {
  const way = platform.relative(folder, platform.resolve(path));
  return way !== '..' && !way.startsWith(`..${platform.sep}`) && !platform.isAbsolute(way);
}

/** @param file that names the paths, for the message. @throws PathRefusedError */
export function requireAllowed(folders: AllowedFolders, paths: readonly string[], file: string): void {
  const refused = paths.find((path) => !isAllowed(folders, path));
  if (refused !== undefined) throw new PathRefusedError(refusal(refused, file));
}

/** Why a path is not looked at, as a sentence. */
export function refusal(path: string, file: string): string {
  return `Not looked at in Restricted Mode: ${visibleText(path)} lies outside this workspace, and ${visibleText(file)} names it. Trust the workspace if you know where that file comes from.`;
}
