import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import {
  CompanionReader,
  fingerprintShard,
  openCheckpoint,
  parseSum,
  type Checkpoint,
  type ShardFingerprint,
} from '../../checkpoint/index.js';
import type { Fingerprint } from '../file/lineage.js';

/** What changes how a checkpoint is used although its weights stay. */
const smallFiles = [
  ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'],
  ...['tokenizer.model', 'vocab.json', 'merges.txt', 'chat_template.jinja', 'model.safetensors.index.json'],
];

/**
 * Reads what tells a checkpoint from another one: about 1 MiB of each shard, and its small files.
 * @throws FileAccessError, also for a small file that is there and cannot be read; FormatError
 */
export async function readFingerprint(path: string, signal?: AbortSignal): Promise<Fingerprint> {
  const { base, adapters } = parseSum(path);
  const shards: ShardFingerprint[] = [];
  const hashes: Record<string, string>[] = [];
  for (const address of [base, ...adapters.map((term) => term.address)]) {
    const checkpoint = await openCheckpoint(address, signal);
    for (const shard of checkpoint.shards) shards.push(await fingerprintShard(shard, signal));
    hashes.push(await hashSmallFiles(checkpoint, new CompanionReader(signal)));
  }
  return { shards, files: joined(hashes) };
}

/** Files of a base, and those of its adapters in order. */
function joined([own = {}, ...others]: readonly Record<string, string>[]): Record<string, string> {
  const ofAdapters = others.flatMap((files, i) =>
    Object.entries(files).map(([name, hash]) => [`adapter ${i + 1}: ${name}`, hash] as const),
  );
  return { ...own, ...Object.fromEntries(ofAdapters) };
}

async function hashSmallFiles({ folder, shards }: Checkpoint, companions: CompanionReader): Promise<Record<string, string>> {
  const hashes: [name: string, sha256: string][] = [];
  const isAdapter = shards.some(({ path }) => basename(path).startsWith('adapter'));
  for (const name of isAdapter ? ['adapter_config.json', ...smallFiles] : smallFiles) {
    const path = join(folder, name);
    const bytes = await companions.bytes(path);
    if (bytes !== null) hashes.push([name, companions.sha256(path, bytes)]);
  }
  return Object.fromEntries(hashes);
}

/** 16 hexadecimal digits that other weights do not have; when and where files were written does not count. */
export function identityOf({ shards }: Fingerprint): string {
  const facts = shards.map(({ byteLength, headerSha256, sampleSha256: sample }) => [byteLength, headerSha256, sample]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/** How a checkpoint differs from its record, as clauses: what makes it another one, and what is only worth knowing. */
export interface FingerprintDifference {
  readonly changes: readonly string[];
  readonly remarks: readonly string[];
}

export function compareFingerprints(recorded: Fingerprint, found: Fingerprint): FingerprintDifference {
  const count = [recorded.shards.length, found.shards.length] as const;
  if (count[0] !== count[1]) return { changes: [`it has ${count[1]} weights files instead of ${count[0]}`], remarks: [] };
  const shards = recorded.shards.map((shard, i) => [shard, found.shards[i]!] as const);
  const files = [...new Set([...Object.keys(recorded.files), ...Object.keys(found.files)])];
  return {
    changes: [
      ...shards.flatMap(([was, is]) => shardChange(was, is)),
      ...files.flatMap((name) => fileChange(name, recorded.files[name], found.files[name])),
    ],
    remarks: shards.filter(([was, is]) => isOnlyTouched(was, is)).map(([{ file }]) => `${file} was written anew with the same content`),
  };
}

function shardChange(was: ShardFingerprint, is: ShardFingerprint): string[] {
  if (was.file !== is.file) return [`it has ${is.file} instead of ${was.file}`];
  if (was.byteLength !== is.byteLength) return [`${is.file} has ${is.byteLength} bytes instead of ${was.byteLength}`];
  if (was.headerSha256 !== is.headerSha256) return [`the header of ${is.file} has another hash`];
  return was.sampleSha256 === is.sampleSha256 ? [] : [`the weights in ${is.file} have another hash`];
}

function fileChange(name: string, was: string | undefined, is: string | undefined): string[] {
  if (was === is) return [];
  if (was === undefined) return [`${name} is new`];
  return [is === undefined ? `${name} is missing` : `${name} has another hash`];
}

function isOnlyTouched(was: ShardFingerprint, is: ShardFingerprint): boolean {
  return was.modifiedAt !== is.modifiedAt && shardChange(was, is).length === 0;
}
