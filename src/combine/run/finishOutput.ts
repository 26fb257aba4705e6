import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writing } from '../../base/fileAccess.js';
import { inParallel } from '../../base/inParallel.js';
import { CompanionReader } from '../../checkpoint/index.js';
import { FileReadError, Hasher } from '../../compute/index.js';
import { manifestName } from '../manifestName.js';
import { jobPaths, replacedPath } from '../outputPaths.js';
import type { CombinePlan, PlannedFile } from '../plan.js';
import { OutputError } from './errors.js';
import { assertInputsMatch } from './inputFiles.js';
import { journalName } from './journal.js';
import { buildManifest, manifestText, type Manifest, type ManifestFile } from './manifest.js';
import type { PartialOutput } from './partialOutput.js';
import { whyNotReplaceable } from './replaceable.js';
import { roundingByLayer } from './rounding.js';
import type { RunOptions } from './runOptions.js';
import { exists } from '../../base/exists.js';
import type { Ownership } from '../../base/ownership/ownership.js';
import { syncFile, syncFolder } from '../../base/syncFolder.js';
import { treeHashes } from './treeHash.js';

/**
 * Completes a partial output whose chunks are all written: files beside the weights, manifest, and, with syncing,
 * everything on the disk. From here on the journal is not needed, so it goes.
 * @returns the manifest
 */
export async function completePartial(
  plan: CombinePlan,
  { folder, ledger }: PartialOutput,
  inputSha256: ReadonlyMap<string, string>,
  { sync = true, signal, onStep }: RunOptions,
): Promise<Manifest> {
  const hasher = new Hasher();
  const companions = new CompanionReader(signal);
  const files: ManifestFile[] = [];
  for (const file of plan.files) files.push(await writeBesides(file, folder, companions, hasher));
  onStep?.('files written');
  await assertInputsMatch(plan.inputs);
  const hashes = treeHashes(
    hasher,
    plan.tensors,
    plan.shards.map(({ header }) => header),
    ledger.hashes,
  );
  const manifest = buildManifest(plan, { hashes, rounding: roundingByLayer(plan.tensors, ledger), files, inputSha256 });
  await rm(join(folder, manifestName), { force: true });
  await writeFile(join(folder, manifestName), manifestText(manifest));
  onStep?.('manifest written');
  if (sync) await syncAll(folder);
  await rm(join(folder, journalName));
  if (sync) await syncFolder(folder);
  onStep?.('journal removed');
  return manifest;
}

/** A file of an earlier attempt may be there, even one that may not be written to. New ones get the modes of any new file. */
async function writeBesides(file: PlannedFile, folder: string, companions: CompanionReader, hasher: Hasher): Promise<ManifestFile> {
  const { name, reason } = file;
  if (basename(name) !== name) throw new OutputError(`The plan names a file "${name}" beside the weights, which is not a plain file name.`);
  const path = join(folder, name);
  const bytes = await bytesOf(file, companions);
  await writing(path, rm(path, { force: true }), 'replaced');
  await writing(path, writeFile(path, bytes, { flag: 'wx' }));
  return { name, byteLength: bytes.byteLength, hash: hasher.hex(bytes), reason };
}

/** @throws FileReadError when a companion is another than when it was planned, FileAccessError */
async function bytesOf({ from, content, sourcePath, sourceSha256 }: PlannedFile, companions: CompanionReader): Promise<Buffer> {
  if (content !== null) return Buffer.from(content);
  const bytes = await companions.bytes(sourcePath!);
  if (bytes !== null && companions.sha256(sourcePath!, bytes) === sourceSha256) return bytes;
  const difference = bytes === null ? 'was removed' : 'was changed';
  throw new FileReadError(`${sourcePath!} (${from!}): ${difference} after the plan was made. Make the plan again.`);
}

async function syncAll(folder: string): Promise<void> {
  await inParallel(await readdir(folder), (name) => syncFile(join(folder, name)));
  await syncFolder(folder);
}

/**
 * Gives a complete output its name, in one step of the file system. An output that it replaces is moved into the owner's folder
 * first, and back when the second step fails: at every moment one of the two is whole, and whoever lost the place moves neither.
 * @throws OutputError when something else has the name
 */
export async function putInPlace(
  output: string,
  ownership: Ownership,
  { overwrite = false, sync = true, onStep }: RunOptions,
): Promise<void> {
  const made = jobPaths(ownership.folder);
  if (await exists(output)) {
    await assertReplaceable(output, overwrite);
    await rm(made.replaced, { recursive: true, force: true });
    await rename(output, made.replaced);
    onStep?.('old output moved');
  }
  await rename(made.output, output);
  if (sync) await syncFolder(dirname(output));
  onStep?.('output in place');
  if (overwrite) await removeOldReplaced(output, ownership);
}

/** What an earlier version of the tool moved aside to replace it, and was killed before it could remove it. */
async function removeOldReplaced(output: string, ownership: Ownership): Promise<void> {
  const replaced = replacedPath(output);
  if ((await whyNotReplaceable(replaced)) !== null) return;
  await rename(replaced, ownership.path('replaced before'));
}

/** Only what this tool wrote is replaced, and only when that is wanted. @throws OutputError */
export async function assertReplaceable(output: string, overwrite: boolean): Promise<void> {
  const reason = await whyNotReplaceable(output);
  if (reason !== null) throw new OutputError(reason);
  if (!overwrite) throw new OutputError(`${output} exists already. Choose another name, or allow it to be overwritten.`);
}
