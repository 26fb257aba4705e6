import { access, constants, lstat, stat } from 'node:fs/promises';
import nodePath, { basename, dirname, type PlatformPath } from 'node:path';
import type { Finding } from '../../checkpoint/index.js';
import { problemOnWindows } from '../../base/windowsName.js';
import { partialPath, replacedPath } from '../outputPaths.js';

/** Reasons why no folder can be made at a path, whoever wrote what lies there. */
export async function placeRefusals(path: string): Promise<Finding[]> {
  const message = reservedEnding(path) ?? nameProblem(path) ?? (await parentProblem(path)) ?? (await lengthProblem(path));
  return message === null ? [] : [{ severity: 'error', code: 'output-place', message, file: path }];
}

/** Names that the tool gives and takes away itself. */
function reservedEnding(path: string): string | null {
  const ending = [partialPath(''), replacedPath('')].find((reserved) => basename(path).endsWith(reserved));
  if (ending === undefined) return null;
  return `${path} ends in "${ending}", a name that is kept for outputs in the making or being replaced. Choose another name.`;
}

/** Windows makes no such folder, or another one than was asked for. */
export function nameProblem(path: string, platform: PlatformPath = nodePath): string | null {
  if (platform.sep !== '\\') return null;
  const steps = path.slice(platform.parse(path).root.length).split(/[\\/]/u);
  const problem = steps.map(problemOnWindows).find((found) => found !== null) ?? null;
  return problem === null ? null : `${path} cannot be made on Windows: ${problem}. Choose another name.`;
}

async function parentProblem(path: string): Promise<string | null> {
  const parent = await nearestExisting(dirname(path));
  const stats = await stat(parent).catch(() => null);
  if (stats === null) return `${parent} cannot be entered, so ${path} cannot be made: it may be a broken link. Choose another folder.`;
  if (!stats.isDirectory()) return `${parent} is a file, so the folder ${path} cannot be made below it. Choose another folder.`;
  const isWritable = await access(parent, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return isWritable
    ? null
    : `${parent} may not be written to, so ${path} cannot be made. Give your user that right, or choose another folder.`;
}

/** The lowest part of a path that is there, be it a link that leads nowhere. */
async function nearestExisting(path: string): Promise<string> {
  const exists = (await lstat(path).catch(() => null)) !== null;
  return exists || dirname(path) === path ? path : nearestExisting(dirname(path));
}

async function lengthProblem(path: string): Promise<string | null> {
  const error: unknown = await lstat(replacedPath(path)).catch((reason: unknown) => reason);
  const isTooLong = error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG';
  return isTooLong ? `${path}: the name is too long, with "${replacedPath('')}" at its end. Choose a shorter one.` : null;
}
