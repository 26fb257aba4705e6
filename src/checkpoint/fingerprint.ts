import { createHash, type Hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { toAccessError } from '../base/fileAccess.js';
import { inParallel } from '../base/inParallel.js';
import { runsOf, type Checkpoint, type Shard, type Tensor } from './checkpoint.js';
import { FileByteSource } from './fileByteSource.js';
import { descriptionSpans, type Span } from './formats/index.js';

/** What tells a file of weights from another one without reading all of it. */
export interface ShardFingerprint {
  /** Name within the checkpoint. */
  readonly file: string;
  readonly byteLength: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** SHA-256 of the bytes that say what the file holds: of safetensors the header, length prefix included. */
  readonly headerSha256: string;
  /** SHA-256 of 16 pieces of 64 KiB, spread evenly over the file; of all of it when it is shorter. */
  readonly sampleSha256: string;
}

const sampleCount = 16;
const sampleByteLength = 64 * 1024;
/** A file up to this size is read as a whole for its identity: in a fraction of a second. */
const wholeByteLength = 16 * 1024 * 1024;
/** Of every tensor of a larger file, beside the spread samples: fine-tuning may change a single one. */
const tensorSampleCount = 2;
const tensorSampleByteLength = 4096;
/** Samples that lie closer are read as one: to jump costs more than to read. */
const smallestGap = 64 * 1024;
const maxReadByteLength = 4 * 1024 * 1024;

/** @throws FileAccessError when the file cannot be read */
export async function fingerprintShard({ path, byteLength, modifiedAt }: Shard, signal?: AbortSignal): Promise<ShardFingerprint> {
  return withFile(path, signal, async (source) => {
    const headerSha256 = await sha256Of(source, await descriptionSpans(source, signal), signal);
    const sampleSha256 = await sha256Of(source, spreadSamples(source.byteLength), signal);
    return { file: basename(path), byteLength, modifiedAt, headerSha256, sampleSha256 };
  });
}

/** SHA-256 of the bytes that say what a file holds: of safetensors the header, length prefix included. @throws FileAccessError, FormatError */
export function hashHeader(path: string): Promise<string> {
  return withFile(path, undefined, async (source) => sha256Of(source, await descriptionSpans(source)));
}

/**
 * Tells the weights of every shard from others, wherever and whenever they were written: by all bytes of small files, and of
 * larger ones by their length, their header, and samples of the file and of each of its tensors. What differs only between
 * the samples of a large file, such as a few rows of one tensor, is not seen.
 * @returns 64 hexadecimal digits by path
 * @throws FileAccessError
 */
export async function shardIdentities(
  { shards, tensors, scattered }: Checkpoint,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const byShard = shards.map((): Tensor[] => []);
  for (const tensor of tensors) byShard[tensor.shard]!.push(tensor);
  for (const { layout } of scattered) for (const run of runsOf(layout)) byShard[run.shard]!.push(run);
  const identities = await inParallel(shards, async ({ path }, i) => [path, await identityOf(path, byShard[i]!, signal)] as const);
  return new Map(identities);
}

/** What changes with a file, by the file system: as long as it is the same, nothing of the file need be read again. */
async function stampOf(path: string): Promise<string | null> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw toAccessError(path, error);
  });
  const isSettled = BigInt(Date.now()) * 1_000_000n - (mtimeNs > ctimeNs ? mtimeNs : ctimeNs) > settlingNs;
  return isSettled ? [dev, ino, size, mtimeNs, ctimeNs].join(' ') : null;
}

/** Within the steps of a file system's clock a file may change without a trace. */
const settlingNs = 2_000_000_000n;

/** Identities of files that this process has read, by path; only to spare reading them again. */
const known = new Map<string, { readonly stamp: string; readonly identity: string }>();

async function identityOf(path: string, tensors: readonly Tensor[], signal: AbortSignal | undefined): Promise<string> {
  const stamp = await stampOf(path);
  const found = known.get(path);
  if (stamp !== null && found?.stamp === stamp) return found.identity;
  const identity = await withFile(path, signal, (source) => {
    const spans = source.byteLength <= wholeByteLength ? [wholeOf(source)] : samplesOf(source.byteLength, tensors);
    return sha256Of(source, spans, signal, createHash('sha256').update(JSON.stringify([source.byteLength, spans])));
  });
  if (stamp !== null && (await stampOf(path)) === stamp) known.set(path, { stamp, identity });
  return identity;
}

async function withFile<Result>(
  path: string,
  signal: AbortSignal | undefined,
  work: (source: FileByteSource) => Promise<Result>,
): Promise<Result> {
  const source = await FileByteSource.open(path, signal);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

async function sha256Of(
  source: FileByteSource,
  spans: readonly Span[],
  signal?: AbortSignal,
  hash: Hash = createHash('sha256'),
): Promise<string> {
  for (const [start, end] of spans)
    for (let at = start; at < end; at += maxReadByteLength)
      hash.update(await source.read(at, Math.min(end, at + maxReadByteLength), signal));
  return hash.digest('hex');
}

function wholeOf({ byteLength }: FileByteSource): Span {
  return [0, byteLength];
}

function spreadSamples(byteLength: number): Span[] {
  if (byteLength <= sampleCount * sampleByteLength) return [[0, byteLength]];
  const step = (byteLength - sampleByteLength) / (sampleCount - 1);
  return Array.from({ length: sampleCount }, (_, i) => [Math.floor(i * step), Math.floor(i * step) + sampleByteLength]);
}

/** The header, spread samples and samples of every tensor, in the file's order. */
function samplesOf(byteLength: number, tensors: readonly Tensor[]): Span[] {
  const dataStart = tensors.reduce((first, { start }) => Math.min(first, start), byteLength);
  const spans: Span[] = [[0, dataStart], ...spreadSamples(byteLength)];
  for (const tensor of tensors) for (let i = 0; i < tensorSampleCount; i++) spans.push(tensorSample(tensor, i));
  return joined(spans.sort((a, b) => a[0] - b[0]));
}

/** Not at the ends of a tensor, where rows are often padding or special tokens. */
function tensorSample({ start, byteLength }: Tensor, index: number): Span {
  const length = Math.min(byteLength, tensorSampleByteLength);
  const at = start + Math.floor(((byteLength - length) * (index + 1)) / (tensorSampleCount + 1));
  return [at, at + length];
}

function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const [start, end] of spans) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1] + smallestGap) result[result.length - 1] = [last[0], Math.max(last[1], end)];
    else result.push([start, end]);
  }
  return result;
}
