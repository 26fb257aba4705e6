import { constants, copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writing } from '../../base/fileAccess.js';
import { exists } from '../../base/exists.js';
import { resolveAddress } from '../../checkpoint/index.js';
import { inspectPlace } from '../../base/ownership/occupant.js';
import type { Ownership } from '../../base/ownership/ownership.js';
import type { CombinePlan } from '../plan.js';
import { manifestName } from '../manifestName.js';
import { jobPaths, partialPath } from '../outputPaths.js';
import type { CombineRequest } from '../request.js';
import { ChunkLedger } from './chunkLedger.js';
import { firstChunks, type OutputShard } from './chunks.js';
import { claimOutput, restoreReplaced } from './claimOutput.js';
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
 * Makes the output's folder, within that of its owner, with a journal and the files in full length, or, to resume, finds out what
 * is done. What is there otherwise, and may be overwritten, is removed.
 * @throws OutputError when it is not what this plan writes; DiskFullError
 */
export async function openPartial(plan: CombinePlan, ownership: Ownership, options: RunOptions): Promise<PartialOutput> {
  const { output: folder, request } = jobPaths(ownership.folder);
  await writeFile(request, JSON.stringify(resumableRequest(plan)));
  if (options.resume) {
    const journal = await readJournal(join(folder, journalName));
    if (journal !== null) return resumePartial(plan, ownership, journal, options);
    if (await exists(join(folder, manifestName))) return resumeComplete(plan, ownership);
  }
  await rm(folder, { recursive: true, force: true });
  await ownership.endSharing();
  return startPartial(plan, folder, options);
}

/** Removes what an unfinished run of this output left, if anything. @throws PlaceOwnedError, OutputError when something else is in it */
export async function discardPartial({ output }: Pick<CombinePlan, 'output'>): Promise<void> {
  if ((await inspectPlace(output)).kind === 'free') return;
  const ownership = await claimOutput(output, { overwrite: true });
  await ownership.use(() => restoreReplaced(ownership));
  await ownership.remove();
}

/** The journal comes first, so that no file of weights is ever without one that says whose it is. */
async function startPartial(plan: CombinePlan, folder: string, { sync = true, onStep }: RunOptions): Promise<PartialOutput> {
  await assertRoom(plan, folder);
  await mkdir(folder);
  onStep?.('partial made');
  const files = [...plan.shards.map(({ file }) => file), ...plan.files.map(({ name }) => name)];
  const journal = await Journal.start(join(folder, journalName), { identity: identifyPlan(plan), files }, sync);
  try {
    if (sync) await syncFolder(folder);
    onStep?.('journal started');
    await layOutFiles(plan, folder);
    if (sync) await inParallel(plan.shards, ({ file }) => syncFile(join(folder, file)));
    if (sync) await syncFolder(folder);
    onStep?.('files laid out');
  } catch (error) {
    await journal.close();
    throw error;
  }
  return describePartial(plan, folder, journal);
}

async function resumePartial(
  plan: CombinePlan,
  ownership: Ownership,
  journal: JournalContents,
  { sync = true }: RunOptions,
): Promise<PartialOutput> {
  const { output: folder, renewed } = jobPaths(ownership.folder);
  assertSamePlan(plan, journal.identity);
  await renewShared(plan, ownership);
  await layOutFiles(plan, folder);
  await assertRoom(plan, folder);
  const partial = describePartial(plan, folder, await Journal.resume(join(folder, journalName), journal.completeLength, renewed, sync));
  journal.replay(partial.ledger);
  return partial;
}

/** A folder without a journal is complete, and lacks only its name. */
async function resumeComplete(plan: CombinePlan, ownership: Ownership): Promise<PartialOutput> {
  const { output: folder } = jobPaths(ownership.folder);
  const { inputs, planDigest } = await readManifest(join(folder, manifestName));
  assertSamePlan(plan, { inputs, digest: planDigest });
  await renewShared(plan, ownership);
  return describePartial(plan, folder, null);
}

/** @throws OutputError when what was written is made of other inputs, or is something else than what `plan` writes */
function assertSamePlan(plan: CombinePlan, identity: PlanIdentity): void {
  const reason = whyNotSamePlan(identity, identifyPlan(plan));
  if (reason === null) return;
  throw new OutputError(
    `${partialPath(plan.output)} cannot be resumed: ${reason}. Start again without resuming (and allow it to be overwritten), or restore what was changed.`,
  );
}

function describePartial({ shards, tensors }: CombinePlan, folder: string, journal: Journal | null): PartialOutput {
  const places = shards.map(({ file, header }) => ({ path: join(folder, file), dataStart: header.byteLength }));
  return { folder, shards: places, ledger: new ChunkLedger(firstChunks(tensors).at(-1)!), journal };
}

/** Makes files that are missing, writes headers and sets lengths. What a resumed run lost by that fails its check and is made again. */
async function layOutFiles({ shards }: CombinePlan, folder: string): Promise<void> {
  for (const { file, header, dataByteLength } of shards) {
    const path = join(folder, file);
    const handle = await writing(path, open(path, constants.O_RDWR | constants.O_CREAT), 'created');
    try {
      await writing(path, handle.write(header, 0, header.byteLength, 0));
      await writing(path, handle.truncate(header.byteLength + dataByteLength), 'given its length');
    } finally {
      await handle.close();
    }
  }
}

/**
 * Puts copies in the place of files that a former writer may have open. What it writes late then goes to files without a name: be it
 * from inputs that were changed meanwhile, or whole pages of a file server's client that knows nothing of what others wrote.
 */
async function renewShared({ shards }: CombinePlan, ownership: Ownership): Promise<void> {
  if (!(await ownership.isShared())) return;
  const { output: folder, renewed } = jobPaths(ownership.folder);
  for (const { file } of shards) {
    const path = join(folder, file);
    if (!(await exists(path))) continue;
    await copyFile(path, renewed, constants.COPYFILE_FICLONE);
    await rename(renewed, path);
  }
  await ownership.endSharing();
}

/** The request as another process, in another folder, can make it again. */
function resumableRequest({ request, output }: CombinePlan): CombineRequest {
  const inputs = request.inputs.map((input) => ({ ...input, path: resolveAddress(input.path) }));
  return { ...request, inputs, output, resume: true, overwrite: false };
}
