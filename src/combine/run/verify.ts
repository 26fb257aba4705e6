import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hashByteLength, Hasher, inOrder, WorkerPool, type FileVersion } from '../../compute/index.js';
import { FileAccessError } from '../../base/formatError.js';
import { maxTextBytes, openRegular, readBytesIfPresent } from '../../base/readFile.js';
import { manifestName } from '../manifestName.js';
import type { PlannedTensor } from '../plan.js';
import { describeFormula } from '../plan/checkRequest.js';
import { requireOutput, unlistedNames } from './checkFolder.js';
import { firstChunks, planTasks, sendTasks, type OutputShard } from './chunks.js';
import { differenceOfInput } from './inputFiles.js';
import { plannedTensors, type Manifest } from './manifest.js';
import { readManifest } from './readManifest.js';
import { inParallel } from '../../base/inParallel.js';
import { hashStored, storedChunks, versionsOf } from './recheck.js';
import { treeHashes } from './treeHash.js';

/** Something that is not what the manifest says. */
export interface Difference {
  readonly kind: 'tensor' | 'weights file' | 'file' | 'input' | 'manifest';
  readonly name: string;
  /** As a clause: `its bytes are others than those that were written`. */
  readonly problem: string;
}

export interface VerifyReport {
  readonly deep: boolean;
  readonly tensorCount: number;
  readonly differences: readonly Difference[];
  /** Other files and folders in the output, which the manifest does not list: no difference, since nothing loads them. */
  readonly unlisted: readonly string[];
}

export interface VerifyOptions {
  /** Also compute the combination again from the inputs and compare every byte. */
  readonly deep?: boolean;
  readonly workers?: number | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

const tasksPerWorker = 2;

/** What a verification looks at. */
interface Subject {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tensors: readonly PlannedTensor[];
  readonly shards: readonly OutputShard[];
}

/**
 * Compares an output folder with its manifest: every byte of the weights by its hash, files beside them, and, when deep,
 * the values with what the inputs give.
 * @throws ManifestError when the folder is no output or its manifest cannot be read; the signal's reason. Never because of a difference.
 */
export async function verify(folder: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const path = resolve(folder);
  await requireOutput(path);
  const manifest = await readManifest(join(path, manifestName));
  const shards = manifest.shards.map(({ file, headerByteLength }) => ({ path: join(path, file), dataStart: headerByteLength }));
  const subject = { folder: path, manifest, tensors: plannedTensors(manifest), shards };
  const lengths = await lengthDifferences(subject);
  const files = await fileDifferences(subject);
  const others = await unlistedNames(path, manifest);
  const unlisted = others.filter((name) => !isWeights(name));
  const besides = [...others.filter(isWeights).map(unlistedWeights), ...formulaDifference(manifest)];
  const weights =
    lengths.length > 0
      ? []
      : await WorkerPool.use({ engine: 'simd', workers: options.workers ?? null }, options.signal, (pool) =>
          verifyWeights(pool, subject, options),
        );
  return {
    deep: options.deep ?? false,
    tensorCount: subject.tensors.length,
    differences: [...lengths, ...weights, ...files, ...besides],
    unlisted,
  };
}

/** Programs load whatever weights lie in a folder. */
function isWeights(name: string): boolean {
  return name.endsWith('.safetensors') || name.endsWith('.safetensors.index.json');
}

function unlistedWeights(name: string): Difference {
  return { kind: 'weights file', name, problem: 'the manifest does not list it' };
}

/** The formula is what people read, the combination what was computed: they have to say the same. */
function formulaDifference({ formula, combination, request }: Manifest): Difference[] {
  const expected = describeFormula({ combination, scales: request.scales });
  if (formula === expected) return [];
  return [{ kind: 'manifest', name: manifestName, problem: `its formula is ${formula}, but its combination is ${expected}` }];
}

/** Weights files that are missing or of another length; their tensors lie elsewhere then, so no hash would say more. */
async function lengthDifferences({ manifest, shards }: Subject): Promise<Difference[]> {
  const sizes = await Promise.all(shards.map(({ path }) => sizeOf(path)));
  return manifest.shards.flatMap(({ file, headerByteLength, dataByteLength }, i) => {
    const expected = headerByteLength + dataByteLength;
    return sizes[i] === expected
      ? []
      : [
          {
            kind: 'weights file' as const,
            name: file,
            problem: sizes[i] === null ? 'it is missing' : `it has ${sizes[i]!} bytes instead of ${expected}`,
          },
        ];
  });
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

async function fileDifferences({ folder, manifest }: Subject): Promise<Difference[]> {
  const hasher = new Hasher();
  const problems = await inParallel(manifest.files, async ({ name, hash }): Promise<Difference[]> => {
    const problem = await problemOf(join(folder, name), hash, hasher);
    return problem === null ? [] : [{ kind: 'file', name, problem }];
  });
  return problems.flat();
}

async function problemOf(path: string, hash: string, hasher: Hasher): Promise<string | null> {
  try {
    const bytes = await readBytesIfPresent(path, { maxBytes: maxTextBytes });
    if (bytes === null) return 'it is missing';
    return hasher.hex(bytes) === hash ? null : 'it was changed';
  } catch (error) {
    if (error instanceof FileAccessError) return `it cannot be read (${error.fault.problem})`;
    throw error;
  }
}

async function verifyWeights(pool: WorkerPool, subject: Subject, options: VerifyOptions): Promise<Difference[]> {
  const stored = await hashDifferences(pool, subject, options);
  if (!options.deep) return stored;
  const inputs = await inputDifferences(subject.manifest);
  if (inputs.length > 0) return [...stored, ...inputs];
  const known = new Set(stored.map(({ name }) => name));
  return [...stored, ...(await valueDifferences(pool, subject, options)).filter(({ name }) => !known.has(name))];
}

async function hashDifferences(
  pool: WorkerPool,
  { manifest, tensors, shards }: Subject,
  { onProgress, deep }: VerifyOptions,
): Promise<Difference[]> {
  const versions: FileVersion[] = await versionsOf(shards.map(({ path }) => path));
  const chunkHashes = new Uint8Array(firstChunks(tensors).at(-1)! * hashByteLength);
  const totalBytes = totalOf(tensors, deep);
  let doneBytes = 0;
  await hashStored(
    pool,
    storedChunks(tensors, shards, versions, () => true),
    ({ number, slice }, hash) => {
      chunkHashes.set(hash, number * hashByteLength);
      doneBytes += slice.byteLength;
      onProgress?.(doneBytes, totalBytes);
    },
  );
  const headers = await inParallel(shards, ({ path, dataStart }) => readStart(path, dataStart));
  const hashes = treeHashes(new Hasher(), tensors, headers, chunkHashes);
  const changed = manifest.tensors.flatMap(({ name, hash, shard }, i) => (hashes.tensors[i] === hash ? [] : [{ name, shard }]));
  const spoilt = new Set(changed.map(({ shard }) => shard));
  const files = manifest.shards.filter(({ hash }, i) => hashes.shards[i] !== hash && !spoilt.has(i));
  return [
    ...changed.map(({ name }): Difference => ({ kind: 'tensor', name, problem: 'its bytes are others than those that were written' })),
    ...files.map(({ file }): Difference => ({
      kind: 'weights file',
      name: file,
      problem: 'its header is another than the one that was written',
    })),
  ];
}

function totalOf(tensors: readonly PlannedTensor[], deep = false): number {
  return tensors.reduce((sum, { byteLength }) => sum + byteLength, 0) * (deep ? 2 : 1);
}

async function readStart(path: string, length: number): Promise<Uint8Array> {
  const handle = await openRegular(path);
  try {
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, 0);
    return bytes;
  } finally {
    await handle.close();
  }
}

async function inputDifferences({ inputs }: Manifest): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { role, shards } of inputs) {
    for (const shard of shards) {
      const problem = await differenceOfInput(shard);
      if (problem !== null)
        differences.push({
          kind: 'input',
          name: `${role} (${shard.path})`,
          problem: `it ${problem}, so the combination cannot be computed again`,
        });
    }
  }
  return differences;
}

async function valueDifferences(
  pool: WorkerPool,
  { manifest, tensors, shards }: Subject,
  { onProgress }: VerifyOptions,
): Promise<Difference[]> {
  const computation = { combination: manifest.combination, inputs: manifest.inputs, tensors };
  const counts = new Map<string, number>();
  const totalBytes = totalOf(tensors, true);
  let doneBytes = totalBytes / 2;
  const tasks = planTasks(computation, shards, 'check', () => true);
  for await (const { item, result } of inOrder(sendTasks(pool, tasks), (sent) => sent.result, pool.size * tasksPerWorker)) {
    for (const [i, tensor] of item.tensors.entries()) {
      const count = result.differing[i]!;
      if (count > 0) counts.set(tensor, (counts.get(tensor) ?? 0) + count);
    }
    doneBytes += item.byteLength;
    onProgress?.(doneBytes, totalBytes);
  }
  return [...counts].map(([name, count]) => ({ kind: 'tensor', name, problem: `${count} of its values are not what the inputs give` }));
}
