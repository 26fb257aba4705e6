import { access, constants, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CombinePlan } from '../plan.js';
import { manifestName } from '../manifestName.js';
import { partialPath } from '../outputPaths.js';
import { whyNotAbandoned } from './abandoned.js';
import { ChunkLedger } from './chunkLedger.js';
import { firstChunks, type OutputShard } from './chunks.js';
import { assertRoom } from './diskSpace.js';
import { OutputError } from './errors.js';
import { Journal, journalName, readJournal, type JournalContents } from './journal.js';
import { identifyPlan, whyNotSamePlan, type PlanIdentity } from './planIdentity.js';
import { readManifest } from './readManifest.js';
import type { RunOptions } from './runOptions.js';
import { inParallel } from '../../base/inParallel.js';
import { syncFile, syncFolder } from '../../base/syncFolder.js';

/** An output in the making. */
export interface PartialOutput {
  readonly folder: string;
  readonly shards: readonly OutputShard[];
  readonly ledger: ChunkLedger;
  /** Null when everything but the last steps was done before: then the manifest is there. */
  readonly journal: Journal | null;
}

/**
 * Makes the partial folder with a journal and the files in full length, or, to resume, finds out what is done. A partial
 * folder without a journal is empty, or a finished output that only lacks its name, or not ours.
 * @throws OutputError when something is in the way, or is not what this plan writes; DiskFullError
 */
export async function openPartial(plan: CombinePlan, options: RunOptions): Promise<PartialOutput> {
  const folder = partialPath(plan.output);
  const found = await exists(folder);
  if (found && options.resume) {
    const journal = await readJournal(join(folder, journalName));
    if (journal !== null) return resumePartial(plan, folder, journal, options);
    if (await exists(join(folder, manifestName))) return resumeComplete(plan, folder);
  }
  if (found && !options.resume && !options.overwrite) throw partialExists(folder);
  if (found) await removePartial(folder);
  return startPartial(plan, folder, options);
}

/** Removes what an unfinished run of this plan left, if anything. @throws OutputError when there is something else in it */
export async function discardPartial(plan: CombinePlan): Promise<void> {
  const folder = partialPath(plan.output);
  if (await exists(folder)) await removePartial(folder);
}

/** @throws OutputError when the folder holds anything but what a run has left */
export async function removePartial(folder: string): Promise<void> {
  const reason = await whyNotAbandoned(folder);
  if (reason !== null) throw new OutputError(reason);
  await rm(folder, { recursive: true });
}

/** The journal comes first, so that no file of weights is ever without one that says whose it is. */
async function startPartial(plan: CombinePlan, folder: string, { sync = true, onStep }: RunOptions): Promise<PartialOutput> {
  await assertRoom(plan);
  await mkdir(folder);
  onStep?.('partial made');
  const files = [...plan.shards.map(({ file }) => file), ...plan.files.map(({ name }) => name)];
  const journal = await Journal.start(join(folder, journalName), { identity: identifyPlan(plan), files }, sync);
  if (sync) await syncFolder(folder);
  onStep?.('journal started');
  await layOutFiles(plan, folder);
  if (sync) await inParallel(plan.shards, ({ file }) => syncFile(join(folder, file)));
  if (sync) await syncFolder(folder);
  onStep?.('files laid out');
  return describePartial(plan, folder, journal);
}

async function resumePartial(
  plan: CombinePlan,
  folder: string,
  journal: JournalContents,
  { sync = true }: RunOptions,
): Promise<PartialOutput> {
  assertSamePlan(plan, folder, journal.identity);
  await layOutFiles(plan, folder);
  await assertRoom(plan);
  const partial = describePartial(plan, folder, await Journal.resume(join(folder, journalName), journal.completeLength, sync));
  journal.replay(partial.ledger);
  return partial;
}

/** A folder without a journal is complete, and lacks only its name. */
async function resumeComplete(plan: CombinePlan, folder: string): Promise<PartialOutput> {
  const { inputs, planDigest } = await readManifest(join(folder, manifestName));
  assertSamePlan(plan, folder, { inputs, digest: planDigest });
  return describePartial(plan, folder, null);
}

/** @throws OutputError when `folder` is made of other inputs, or holds something else than what `plan` writes */
function assertSamePlan(plan: CombinePlan, folder: string, identity: PlanIdentity): void {
  const reason = whyNotSamePlan(identity, identifyPlan(plan));
  if (reason === null) return;
  throw new OutputError(
    `${folder} cannot be resumed: ${reason}. Start again without resuming (and allow it to be overwritten), or restore what was changed.`,
  );
}

function describePartial({ shards, tensors }: CombinePlan, folder: string, journal: Journal | null): PartialOutput {
  const places = shards.map(({ file, header }) => ({ path: join(folder, file), dataStart: header.byteLength }));
  return { folder, shards: places, ledger: new ChunkLedger(firstChunks(tensors).at(-1)!), journal };
}

/** Makes files that are missing, writes headers and sets lengths. What a resumed run lost by that fails its check and is made again. */
async function layOutFiles({ shards }: CombinePlan, folder: string): Promise<void> {
  for (const { file, header, dataByteLength } of shards) {
    const handle = await open(join(folder, file), constants.O_RDWR | constants.O_CREAT);
    try {
      await handle.write(header, 0, header.byteLength, 0);
      await handle.truncate(header.byteLength + dataByteLength);
    } finally {
      await handle.close();
    }
  }
}

function partialExists(folder: string): OutputError {
  return new OutputError(`${folder} is left from a run that did not finish. Resume that run, or allow it to be overwritten.`);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
