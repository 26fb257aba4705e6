import type { DeltaInUse, ModelRole, Release, ReleaseState } from '../file/lineage.js';
import { pathInFile, type LineageFile } from '../file/lineageFile.js';
import { exists } from '../../base/exists.js';
import { inspectModel, type LookOptions, type ModelOnDisk, type ModelsOnDisk } from './inspectModel.js';
import { inspectStart, startSources, type StartOnDisk } from './inspectStart.js';
import { failedPath, roundPaths, type FineTune } from './roundPaths.js';
import { trainingUnderWay, type TrainingUnderWay } from './trainingOwner.js';

/** A release as it is on the disk, whatever the file says. */
export interface ReleaseOnDisk {
  /** With the paths and the diff vector of what is there, also when a crash kept the file from saying so. */
  readonly release: Release;
  readonly state: ReleaseState;
  readonly models: ModelsOnDisk;
  readonly delta: DeltaInUse | null;
  /** Processes that train now, by what they make. */
  readonly training: Trainings;
  /** Why rounds that need this release cannot go on, as sentences. */
  readonly problems: readonly string[];
  /** Why training cannot begin with the start that is there; null when it can, or has come to its end. */
  readonly startProblem: string | null;
  readonly remarks: readonly string[];
}

type Trainings = Readonly<Partial<Record<FineTune, TrainingUnderWay>>>;

/** @returns every release in the file's order. Reads headers, samples and manifests, whatever the models' size. */
export async function inspectLineage(file: LineageFile, options: LookOptions = {}): Promise<ReleaseOnDisk[]> {
  const found: ReleaseOnDisk[] = [];
  for (const [index, written] of file.lineage.releases.entries()) {
    const release = await withFoundPaths(file.path, written);
    const models = await inspectModels(file.path, release, options);
    const start = await inspectStart(file, index, release, (of) => startSources(of, models.base, found[index - 1]), options);
    found.push(await describeRelease(file.path, release, models, start));
  }
  return found;
}

/** The release with the checkpoints at the places where rounds put them, if the file does not name any. */
async function withFoundPaths(file: string, release: Release): Promise<Release> {
  const paths = roundPaths(file, release.name, 'finetuned');
  const plain = roundPaths(file, release.name, 'plain').result;
  const found = async (written: string | null, place: string): Promise<string | null> =>
    written ?? ((await exists(place)) ? pathInFile(file, place) : null);
  return {
    ...release,
    finetuned: await found(release.finetuned, paths.result),
    plain: await found(release.plain, plain),
    start: await found(release.start, paths.start),
  };
}

async function inspectModels(file: string, release: Release, options: LookOptions): Promise<ModelsOnDisk> {
  const models: Partial<Record<ModelRole, ModelOnDisk>> = {};
  for (const role of ['base', 'finetuned', 'plain'] as const) {
    const path = release[role];
    if (path !== null) models[role] = await inspectModel(file, release, role, path, options);
  }
  return models;
}

async function describeRelease(file: string, release: Release, models: ModelsOnDisk, start: StartOnDisk): Promise<ReleaseOnDisk> {
  const training = await trainings(file, release.name);
  const state = await stateOf(file, release, models, training, start);
  const startProblems = start.problem === null ? [] : [start.problem];
  const isTrained = state === 'finetuned';
  return {
    release: { ...release, start: start.model === null ? null : release.start, delta: start.delta ?? (isTrained ? release.delta : null) },
    state,
    models: start.model === null ? models : { ...models, start: start.model },
    delta: start.delta,
    training,
    problems: Object.values(models).flatMap(({ problem }) => problem ?? []),
    startProblem: isTrained ? null : start.problem,
    remarks: [...Object.values(models).flatMap(({ remarks }) => remarks), ...(isTrained ? startProblems : [])],
  };
}

async function trainings(file: string, release: string): Promise<Trainings> {
  const found: Partial<Record<FineTune, TrainingUnderWay>> = {};
  for (const fineTune of ['finetuned', 'plain'] as const) {
    const underWay = await trainingUnderWay(roundPaths(file, release, fineTune).training);
    if (underWay !== null) found[fineTune] = underWay;
  }
  return found;
}

async function stateOf(
  file: string,
  { name }: Release,
  { finetuned }: ModelsOnDisk,
  training: Trainings,
  { isUsable }: StartOnDisk,
): Promise<ReleaseState> {
  if (finetuned !== undefined && finetuned.fingerprint !== null) return 'finetuned';
  if (training.finetuned !== undefined) return 'training';
  const paths = roundPaths(file, name, 'finetuned');
  const isLeft = (await Promise.all([paths.partial, paths.log, failedPath(paths, 1)].map(exists))).includes(true);
  if (isLeft) return 'interrupted';
  return isUsable ? 'prepared' : 'new';
}
