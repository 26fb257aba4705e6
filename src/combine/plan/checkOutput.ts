import { lstat, readdir, realpath, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { placesOfAddress, type Finding } from '../../checkpoint/index.js';
import type { PlanInput } from '../plan.js';
import type { CombineRequest } from '../request.js';
import { manifestName } from '../manifestName.js';
import { partialPath } from '../outputPaths.js';
import { obstacleAt, writtenFolder } from '../run/leftPartial.js';
import { readManifest } from '../run/readManifest.js';
import { whyNotReplaceable } from '../run/replaceable.js';
import { placeRefusals } from './checkPlace.js';
import { formatBytes } from '../../base/format.js';

type PlaceRequest = Pick<CombineRequest, 'output' | 'overwrite' | 'resume' | 'takeOver'>;

/** Reasons why the output cannot be written where it is wanted. */
export async function outputRefusals(request: PlaceRequest, inputs: readonly PlanInput[]): Promise<Finding[]> {
  const path = resolve(request.output);
  const impossible = await placeRefusals(path);
  if (impossible.length > 0) return impossible;
  const place = await realPlace(path);
  const conflicts = (await Promise.all(inputs.map((input) => conflictWith(place, input)))).flat();
  if (conflicts.length > 0) return conflicts.map((message) => refusal('output-is-input', message, path));
  const existing = await lstat(path).catch(() => null);
  return [...(existing === null ? [] : await existingRefusals(path, request)), ...(await partialRefusals(path, request))];
}

/** Who is writing there is not disturbed, and what an interrupted run has left is neither used nor removed without a word. */
async function partialRefusals(path: string, request: PlaceRequest): Promise<Finding[]> {
  const obstacle = await obstacleAt(path, request);
  return obstacle === null ? [] : [refusal(obstacle.code, obstacle.message, obstacle.place)];
}

async function existingRefusals(path: string, { overwrite, resume }: PlaceRequest): Promise<Finding[]> {
  if (resume && !overwrite && (await isComplete(path))) {
    const message = `${path} is complete already, so there is nothing to resume. Verify it, or allow it to be overwritten.`;
    return [refusal('output-complete', message, path)];
  }
  const foreign = await foreignRefusals(path);
  if (overwrite || foreign.length > 0) return foreign;
  return [refusal('output-exists', `${path} exists already. Choose another name, or allow it to be overwritten.`, path)];
}

async function isComplete(path: string): Promise<boolean> {
  return readManifest(join(path, manifestName)).then(
    () => true,
    () => false,
  );
}

/** What this tool did not write is never replaced, and nobody is told to allow it. */
async function foreignRefusals(path: string): Promise<Finding[]> {
  const reason = await whyNotReplaceable(path);
  return reason === null ? [] : [refusal('output-not-ours', reason, path)];
}

/** The path with the links of its existing part resolved. */
async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null) return real;
  const parent = dirname(path);
  return parent === path ? path : join(await realPlace(parent), basename(path));
}

async function conflictWith(output: string, { role, path, shards }: PlanInput): Promise<string[]> {
  const places = await Promise.all(placesOfAddress(path).map((place) => realpath(place)));
  const files = await Promise.all(shards.map(({ path: file }) => realpath(file)));
  return places.map((place) => conflictAt(place, output, role, files)).find((conflicts) => conflicts.length > 0) ?? [];
}

function conflictAt(input: string, output: string, role: string, files: readonly string[]): string[] {
  const partial = partialPath(output);
  if (input === output) return [`The output is ${role} itself. Choose another folder.`];
  if (isInside(input, output) || files.some((file) => isInside(file, output)))
    return [`The output ${output} contains ${role}, which it would replace. Choose another folder.`];
  if (isInside(output, input)) return [`The output lies inside ${role} (${input}). Choose a folder beside it.`];
  if (input === partial || isInside(input, partial))
    return [`${role} lies in ${partial}, where the output is made. Choose another folder.`];
  return [];
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Free bytes of the file system that the output will lie on. */
export async function freeDiskAt(output: string): Promise<number> {
  const path = resolve(output);
  const stats = await statfs(path).catch(() => null);
  if (stats !== null) return stats.bavail * stats.bsize;
  return dirname(path) === path ? 0 : freeDiskAt(dirname(path));
}

/** Refuses an output that does not fit; what a resumed run has written already counts as free. */
export async function diskRefusals(
  { output, resume }: Pick<CombineRequest, 'output' | 'resume'>,
  needed: number,
  free: number,
): Promise<Finding[]> {
  const folder = resume ? await writtenFolder(resolve(output)) : null;
  const written = folder === null ? 0 : await folderSize(folder);
  if (needed - written <= free) return [];
  const message = `The output needs ${formatBytes(needed - written)}, but its disk has ${formatBytes(free)} left. Free ${formatBytes(needed - written - free)}, or choose a folder on another disk.`;
  return [refusal('disk-full', message, resolve(output))];
}

/** Unit of `Stats.blocks`. Files of a partial output have their full length at once, so their blocks tell what is written. */
const blockSize = 512;

async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const stats = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => null)));
  return stats.reduce((sum, file) => sum + (file?.isFile() ? file.blocks * blockSize : 0), 0);
}

function refusal(code: string, message: string, file: string): Finding {
  return { severity: 'error', code, message, file };
}
