import { dirname } from 'node:path';
import type { RunOptions } from '../../combine/index.js';
import { OwnershipLostError } from '../../base/ownership/placeErrors.js';
import { readFingerprint } from '../disk/fingerprint.js';
import type { FineTuneCheck } from '../disk/checkFineTune.js';
import { roundPaths } from '../disk/roundPaths.js';
import { TrainingUnderWayError } from '../disk/trainingOwner.js';
import type { ReleaseState } from '../file/lineage.js';
import { changeReleases, pathFromFile, pathInFile, readLineage } from '../file/lineageFile.js';
import { nextPlainRound, nextRound, type NextRound, type Round } from './nextRound.js';
import { prepareStart, recycledRound, requireIntactStart } from './prepareStart.js';
import { refreshLineage, type LineageOnDisk } from './refreshLineage.js';
import { train, type TrainOptions } from './train.js';

/** A round that cannot be run as the lineage is. */
export class RoundError extends Error {
  override readonly name = 'RoundError';
}

export interface RoundOptions extends TrainOptions {
  /** Fine-tune a base without recycling, for comparison, instead of the round that is due. */
  readonly plain: boolean;
  readonly onCombine?: RunOptions['onProgress'];
  /** Called when the command is about to run. */
  readonly onTraining?: ((round: Round) => void) | undefined;
}

/** What running a round came to. */
export type RoundResult =
  | { readonly kind: 'trained'; readonly round: Round; readonly path: string; readonly check: FineTuneCheck }
  | Extract<NextRound, { kind: 'complete' }>;

/**
 * Runs the round that is due: writes its start, fine-tunes with the user's command, records the result. Whatever ends it,
 * the next call goes on from what is there.
 * @throws RoundError when models are missing or changed; as `prepareStart` and `train`
 */
export async function runRound(path: string, options: RoundOptions): Promise<RoundResult> {
  const lineage = await refreshLineage(path, options.signal);
  const next = options.plain ? nextPlainRound(lineage.file.lineage) : nextRound(lineage.file.lineage);
  if (next.kind === 'complete') return next;
  const { round } = next;
  const command = requireCommand(lineage);
  const start = await startFor(lineage, round, options);
  options.onTraining?.(round);
  const { file } = lineage;
  const paths = roundPaths(file.path, round.release.name, round.fineTune);
  const place = { release: round.release.name, start, base: pathFromFile(file.path, round.release.base), paths };
  await noteState(file.path, round, 'training');
  const check = await train({ command, workingFolder: dirname(file.path), ...place }, options).catch(async (error: unknown) => {
    const isOthers = error instanceof TrainingUnderWayError || error instanceof OwnershipLostError;
    if (!isOthers) await noteState(file.path, round, 'interrupted').catch(() => undefined); // the error of the training says more
    throw error;
  });
  await recordFineTune(file.path, round, paths.result);
  return { kind: 'trained', round, path: paths.result, check };
}

function requireCommand({ file }: LineageOnDisk): readonly string[] {
  const { command } = file.lineage;
  if (command !== null) return command;
  throw new RoundError(
    `${file.path} has no command to fine-tune with. Add "command": ["program", "--model", "{start}", "--output", "{out}"], or record a model trained elsewhere with "model-rebase recycle record".`,
  );
}

/** The checkpoint that the command gets as `{start}`: written if it has to be, and intact. */
async function startFor(lineage: LineageOnDisk, round: Round, { signal, takeOver = false, onCombine }: RoundOptions): Promise<string> {
  requireSound(lineage, round);
  const recycled = recycledRound(lineage, round);
  if (recycled === null) return pathFromFile(lineage.file.path, round.release.base);
  const { start } = roundPaths(lineage.file.path, round.release.name, 'finetuned');
  if (recycled.onDisk.models.start === undefined) await prepareStart(lineage, recycled, { signal, takeOver, onProgress: onCombine });
  else await requireIntactStart(start, signal);
  return start;
}

/** Every model of a round has to be there, and the one that the lineage means. @throws RoundError */
export function requireSound({ releases }: LineageOnDisk, { release, fineTune, start }: Round, remakesStart = false): void {
  const names = start.kind === 'base' ? [release.name] : [start.source.name, release.name];
  const problems = releases.filter((candidate) => names.includes(candidate.release.name)).flatMap((onDisk) => onDisk.problems);
  const own = releases.find((candidate) => candidate.release.name === release.name)?.startProblem ?? null;
  const isOfStart = own !== null && fineTune === 'finetuned' && start.kind === 'recycled' && !remakesStart;
  const all = isOfStart ? [...problems, own] : problems;
  if (all.length > 0) throw new RoundError(all.join('\n'));
}

/** Of a plain fine-tune made for comparison the release's state says nothing. */
async function noteState(path: string, { release, fineTune }: Round, state: ReleaseState): Promise<void> {
  if (fineTune === 'plain') return;
  await changeReleases(await readLineage(path), { [release.name]: { state } });
}

/** Names a fine-tuned model in the lineage, as it is now: hours may have passed since it was read. */
export async function recordFineTune(
  path: string,
  { release: { name }, fineTune }: Pick<Round, 'release' | 'fineTune'>,
  model: string,
): Promise<void> {
  const file = await readLineage(path);
  const release = file.lineage.releases.find((candidate) => candidate.name === name);
  if (release === undefined) throw new RoundError(`${path} has no release "${name}" any more. Its fine-tuned model stays in ${model}.`);
  const inputs = { ...release.inputs, [fineTune]: await readFingerprint(model) };
  const dates = { ...release.dates, trained: new Date().toISOString() };
  const written = pathInFile(file.path, model);
  const change = fineTune === 'plain' ? { plain: written, inputs } : { finetuned: written, inputs, dates, state: 'finetuned' as const };
  await changeReleases(file, { [name]: change });
}
