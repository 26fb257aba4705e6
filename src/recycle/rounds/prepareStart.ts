import { combineRequest, planCombine, runCombine, verify, type CombinePlan, type RunOptions } from '../../combine/index.js';
import { startCombination } from '../disk/checkStart.js';
import { readFingerprint } from '../disk/fingerprint.js';
import { deltaInUse, startSources, type StartSources } from '../disk/inspectStart.js';
import { roundPaths } from '../disk/roundPaths.js';
import type { ReleaseOnDisk } from '../disk/inspectLineage.js';
import { changeReleases, pathInFile, readLineage } from '../file/lineageFile.js';
import type { Round } from './nextRound.js';
import type { LineageOnDisk } from './refreshLineage.js';
import { makeFolder } from '../../base/makeFolder.js';
import { plural } from '../../base/format.js';

/** A round whose start cannot be made, or is not what it was. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** A round that starts from a sum of models. */
export interface RecycledRound {
  readonly round: Round & { readonly start: { readonly kind: 'recycled' } };
  readonly onDisk: ReleaseOnDisk;
  readonly sources: StartSources;
}

/** The models of a round's start; null when it starts from a base as it is. @throws StartError when one is missing */
export function recycledRound({ releases }: LineageOnDisk, round: Round): RecycledRound | null {
  const { start } = round;
  if (start.kind === 'base') return null;
  const [onDisk, source] = [round.release, start.source].map(({ name }) => releases.find(({ release }) => release.name === name)!);
  const sources = startSources(start, onDisk!.models.base, source);
  if (sources === null) throw new StartError(`The start of ${round.release.name} cannot be made: ${start.formula} lacks a model.`);
  return { round: { ...round, start }, onDisk: onDisk!, sources };
}

type StartOptions = Pick<RunOptions, 'overwrite' | 'takeOver' | 'signal'>;

/** What writing the start of a round will do: `base_i + (finetuned_{i−1} − base_{i−1})`. No weights are read. */
export function planStart(
  file: string,
  { round, sources }: RecycledRound,
  { overwrite = false, takeOver = false, signal }: StartOptions,
): Promise<CombinePlan> {
  const inputs = (['target', 'finetuned', 'base'] as const).map((role) => ({
    role,
    path: sources[role].path,
    expect: 'checkpoint' as const,
  }));
  const output = roundPaths(file, round.release.name, 'finetuned').start;
  return planCombine(combineRequest({ combination: startCombination, inputs, output, resume: true, overwrite, takeOver }), signal);
}

/**
 * Writes the start of a round, or goes on where a killed run stopped, and records it in the lineage.
 * @throws StartError with the reasons when it cannot be made; as `runCombine`
 */
export async function prepareStart(lineage: LineageOnDisk, recycled: RecycledRound, options: RunOptions): Promise<void> {
  const { path } = lineage.file;
  const plan = await planStart(path, recycled, options);
  if (plan.refusals.length > 0) throw new StartError(plan.refusals.map(({ message }) => message).join('\n'));
  await makeFolder(roundPaths(path, recycled.round.release.name, 'finetuned').folder);
  await runCombine(plan, { ...options, resume: true, keepPartial: true });
  await recordStart(path, recycled, plan.output);
}

/** Time has passed since the file was read: what else was written into it meanwhile stays. */
async function recordStart(path: string, { round, sources }: RecycledRound, output: string): Promise<void> {
  const file = await readLineage(path);
  const { name } = round.release;
  const release = file.lineage.releases.find((candidate) => candidate.name === name);
  if (release === undefined) throw new StartError(`${path} has no release "${name}" any more. Its start stays in ${output}.`);
  await changeReleases(file, {
    [name]: {
      start: pathInFile(path, output),
      state: 'prepared',
      delta: deltaInUse(round.start, sources),
      dates: { ...release.dates, prepared: new Date().toISOString() },
      inputs: { ...release.inputs, start: await readFingerprint(output) },
    },
  });
}

/** Recomputes every hash of a start before hours are spent on it. @throws StartError naming what differs */
export async function requireIntactStart(folder: string, signal?: AbortSignal): Promise<void> {
  const { differences } = await verify(folder, { signal });
  const [first] = differences;
  if (first === undefined) return;
  throw new StartError(
    `${folder}: ${plural(differences.length, 'difference')} from its manifest, first ${first.kind} ${first.name}: ${first.problem}. Make it again with "model-rebase recycle next FILE --prepare --overwrite".`,
  );
}
