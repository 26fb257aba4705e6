import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { openCheckpoint, type Checkpoint } from '../../src/checkpoint/index.js';
import { FileAccessError, FormatError } from '../../src/base/formatError.js';
import { writeSafetensors } from './safetensorsFile.js';
import { writeTorchFile } from './torchFile.js';

/** Writes files of weights whose only tensor is called as the file, so that a checkpoint's tensors say which files it is. */
export async function writeWeights(folder: string, ...files: readonly string[]): Promise<void> {
  for (const file of files) {
    const tensor = { name: file, dtype: 'F32', shape: [1] } as const;
    const write = /\.(?:bin|pt|pth|ckpt)$/.test(file) ? writeTorchFile : writeSafetensors;
    await write(join(folder, file), [tensor]);
  }
}

/** Writes a text file, making its folder. */
export async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Writes an index of files as `writeWeights` makes them. */
export function writeIndex(folder: string, name: string, ...files: readonly string[]): Promise<void> {
  return writeText(join(folder, name), JSON.stringify({ weight_map: Object.fromEntries(files.map((file) => [file, file])) }));
}

/** Names of the files that a checkpoint consists of, within its folder. */
export const filesOf = ({ folder, shards }: Checkpoint): string[] => shards.map(({ path }) => relative(folder, path));
export const codesOf = ({ findings }: Checkpoint): string[] => findings.map(({ code }) => code);

/** Why an address cannot be opened; fails where it can. */
export async function errorOf(address: string): Promise<FormatError | FileAccessError> {
  const error: unknown = await openCheckpoint(address).then(
    ({ shards }) => assert.fail(`${address} opens ${shards.map(({ path }) => path).join()}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FormatError || error instanceof FileAccessError, String(error));
  return error;
}
