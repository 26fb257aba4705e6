import { join } from 'node:path';
import { inOrder, isDiskFull, WorkerPool } from '../../compute/index.js';
import { exists } from '../../base/exists.js';
import type { Ownership } from '../../base/ownership/ownership.js';
import { manifestName } from '../manifestName.js';
import { jobPaths, partialPath } from '../outputPaths.js';
import type { CombinePlan } from '../plan.js';
import { chunkBytes, planTasks, sendTasks } from './chunks.js';
import { diskFullError } from './diskSpace.js';
import { claimOutput, restoreReplaced } from './claimOutput.js';
import { OutputError } from './errors.js';
import { assertReplaceable, completePartial, putInPlace } from './finishOutput.js';
import { assertInputsMatch, sha256OfInputs } from './inputFiles.js';
import type { Manifest } from './manifest.js';
import { openPartial, type PartialOutput } from './partialOutput.js';
import { readManifest } from './readManifest.js';
import { hashStored, storedChunks, versionsOf } from './recheck.js';
import { Recorder } from './recorder.js';
import type { RunOptions } from './runOptions.js';
import { verify } from './verify.js';

/** Tasks in flight per worker: results are taken in order, so a worker that is held up must not leave the others without work. */
const tasksPerWorker = 6;

/**
 * Writes what a plan says into its output folder, which appears whole or not at all: it is made below `<output>.partial`, in a folder
 * of this job's own, with a journal of what is finished, and gets its name at the end. Whatever ends the run (a crash, a full
 * disk), it can be resumed and ends with the same bytes; cancelling removes what was written unless told to keep it. Bytes and
 * rounding report depend on neither the number of workers nor on interruptions.
 * @returns the manifest of the output
 * @throws PlaceOwnedError when another process writes there, OwnershipLostError when one took over, OutputError, DiskFullError,
 * FileReadError when an input changed, the signal's reason when aborted
 */
export async function runCombine(plan: CombinePlan, options: RunOptions = {}): Promise<Manifest> {
  options.signal?.throwIfAborted();
  const [refusal] = plan.refusals;
  if (refusal !== undefined) throw new OutputError(refusal.message);
  await assertInputsMatch(plan.inputs);
  const ownership = await claimOutput(plan.output, options).catch((error: unknown) => rethrow(plan, error));
  try {
    const manifest = await ownership.use(() => writeOutput(plan, ownership, options));
    await ownership.remove();
    return manifest;
  } catch (error) {
    const described = await rethrow(plan, error).catch((reason: unknown) => reason);
    await giveUp(ownership, options).catch(() => undefined); // the first error says more
    throw described;
  }
}

async function writeOutput(plan: CombinePlan, ownership: Ownership, options: RunOptions): Promise<Manifest> {
  const wasReplacing = await restoreReplaced(ownership);
  const overwrite = options.overwrite === true || (options.resume === true && wasReplacing);
  if (await exists(plan.output)) await assertReplaceable(plan.output, overwrite);
  const signal = options.signal === undefined ? ownership.lost : AbortSignal.any([options.signal, ownership.lost]);
  const partial = await openPartial(plan, ownership, options);
  const manifest = await fillPartial(plan, partial, { ...options, signal }).finally(() => partial.journal?.close());
  signal.throwIfAborted();
  await putInPlace(plan.output, ownership, { ...options, overwrite });
  return manifest;
}

/** What can be resumed is left for it, unless the run was cancelled and is not to be kept; so is what could not be put back. */
async function giveUp(ownership: Ownership, { signal, keepPartial = false }: RunOptions): Promise<void> {
  const { output, replaced } = jobPaths(ownership.folder);
  await restoreReplaced(ownership).catch(() => undefined);
  const isWanted = signal?.aborted !== true || keepPartial || (await exists(replaced));
  if (isWanted && (await exists(output))) await ownership.release();
  else await ownership.remove();
}

/** Says of a full disk how much is missing. */
async function rethrow(plan: CombinePlan, error: unknown): Promise<never> {
  throw isDiskFull(error) ? await diskFullError(plan) : error;
}

async function fillPartial(plan: CombinePlan, partial: PartialOutput, options: RunOptions): Promise<Manifest> {
  if (partial.journal === null) {
    await assertComplete(plan, partial, options);
    return readManifest(join(partial.folder, manifestName));
  }
  const inputSha256 = options.hashInputs ? await hashInputs(plan, options) : new Map<string, string>();
  await WorkerPool.use({ engine: 'simd', workers: options.workers ?? null }, options.signal, async (pool) => {
    await recheck(pool, plan, partial, options);
    await combine(pool, plan, partial, options);
  });
  options.signal?.throwIfAborted();
  await partial.journal.close();
  return completePartial(plan, partial, inputSha256, options);
}

/** A folder that lost its journal was complete, but a disk may have lost it since. */
async function assertComplete({ output }: CombinePlan, { folder }: PartialOutput, { workers = null, signal }: RunOptions): Promise<void> {
  const { differences } = await verify(folder, { workers, signal });
  const [first] = differences;
  if (first !== undefined)
    throw new OutputError(
      `${partialPath(output)} is damaged (${first.name}: ${first.problem}). Start again without resuming, and allow it to be overwritten.`,
    );
}

async function hashInputs({ inputs }: CombinePlan, { signal, onProgress }: RunOptions): Promise<ReadonlyMap<string, string>> {
  const files = new Map(inputs.flatMap(({ shards }) => shards.map(({ path, byteLength }) => [path, byteLength])));
  const totalBytes = [...files.values()].reduce((sum, byteLength) => sum + byteLength, 0);
  let doneBytes = 0;
  return sha256OfInputs(inputs, signal, (count) => {
    doneBytes += count;
    onProgress?.({ phase: 'hashing inputs', doneBytes, totalBytes, tensor: '' });
  });
}

/** What the journal says is there is hashed again: chunks that a crash of the machine lost are computed again. */
async function recheck(
  pool: WorkerPool,
  { tensors }: CombinePlan,
  { shards, ledger }: PartialOutput,
  { onProgress }: RunOptions,
): Promise<void> {
  const versions = await versionsOf(shards.map(({ path }) => path));
  const chunks = storedChunks(tensors, shards, versions, (chunk) => ledger.isDone(chunk));
  const totalBytes = chunkBytes(tensors, (chunk) => ledger.isDone(chunk));
  let doneBytes = 0;
  await hashStored(pool, chunks, ({ number, slice }, hash) => {
    if (Buffer.compare(hash, ledger.hashOf(number)) !== 0) ledger.forget(number);
    doneBytes += slice.byteLength;
    onProgress?.({ phase: 'checking what is there', doneBytes, totalBytes, tensor: slice.tensor });
  });
}

async function combine(
  pool: WorkerPool,
  plan: CombinePlan,
  { shards, ledger, journal }: PartialOutput,
  { sync = true, onProgress, onStep }: RunOptions,
): Promise<void> {
  const recorder = new Recorder(journal!, ledger, sync, () => onStep?.('chunks recorded'));
  const totalBytes = plan.tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const tasks = planTasks(plan, shards, 'write', (chunk) => !ledger.isDone(chunk));
  let doneBytes = chunkBytes(plan.tensors, (chunk) => ledger.isDone(chunk));
  for await (const { item, result } of inOrder(sendTasks(pool, tasks), (sent) => sent.result, pool.size * tasksPerWorker)) {
    ledger.note(item.numbers, result);
    await recorder.note(item);
    doneBytes += item.byteLength;
    onProgress?.({ phase: 'combining', doneBytes, totalBytes, tensor: item.tensors.at(-1)! });
  }
  await recorder.flush();
}
