import { checkFineTune, type FineTuneCheck } from '../disk/checkFineTune.js';
import type { FineTune } from '../disk/roundPaths.js';
import { releaseNamed } from '../file/lineage.js';
import { appendRelease, pathFromFile, pathInFile, readLineage } from '../file/lineageFile.js';
import { refreshLineage } from './refreshLineage.js';
import { recordFineTune, RoundError } from './runRound.js';
import { problemOnWindows } from '../../base/windowsName.js';
import { openModel } from '../../model/index.js';

export interface NewRelease {
  readonly name: string;
  readonly base: string;
  /** A fine-tuned version that exists already; null when it is still to be made. */
  readonly finetuned: string | null;
}

/**
 * Adds a base release behind the others, after looking at its models.
 * @throws RoundError for a name that cannot be a folder's everywhere, FormatError, FileAccessError, UnusableModelError, LineageError
 */
export async function addRelease(path: string, { name, base, finetuned }: NewRelease, signal?: AbortSignal): Promise<FineTuneCheck | null> {
  const problem = problemOnWindows(name);
  if (problem !== null)
    throw new RoundError(
      `"${name}" is no name for a release: its folder could not be made on Windows, since ${problem}. Choose another name.`,
    );
  const file = await readLineage(path);
  await openModel(base, signal);
  const check = finetuned === null ? null : await checkFineTune(finetuned, base, signal);
  await appendRelease(file, {
    name,
    base: pathInFile(file.path, base),
    finetuned: finetuned === null ? null : pathInFile(file.path, finetuned),
    dates: { added: new Date().toISOString() },
  });
  await refreshLineage(path, signal);
  return check;
}

/**
 * Takes a model that was trained elsewhere as the fine-tuned version of a release.
 * @throws as `addRelease`; RoundError when the release has one
 */
export async function recordModel(
  path: string,
  name: string,
  fineTune: FineTune,
  model: string,
  options: { readonly overwrite: boolean; readonly signal?: AbortSignal | undefined },
): Promise<FineTuneCheck> {
  const file = await readLineage(path);
  const release = releaseNamed(file.lineage, name);
  const known = release[fineTune];
  if (known !== null && !options.overwrite)
    throw new RoundError(
      `${file.path}: release "${name}" has ${known} already. To record another model in its place, add --overwrite; ${known} stays on the disk.`,
    );
  const check = await checkFineTune(model, pathFromFile(file.path, release.base), options.signal);
  await recordFineTune(file.path, { release, fineTune }, model);
  return check;
}
