import { join } from 'node:path';
import { FileAccessError } from '../../base/formatError.js';
import { parseJsonObject } from '../../base/json/readJson.js';
import type { PlannedFile } from '../plan.js';
import type { OpenInput } from './openInputs.js';

/** Names of the list that an input has beside its weights. */
export async function presentNames({ companions, folder }: OpenInput, names: readonly string[]): Promise<string[]> {
  const present = new Set(await companions.names(folder));
  return names.filter((name) => present.has(name));
}

/**
 * A companion of an input taken over as it is. It is read here, so that a plan that can be shown can also be run.
 * @throws FileAccessError when it cannot be read, FormatError when its name says JSON and it is no JSON object
 */
export async function copyOf({ role, folder, companions }: OpenInput, name: string, reason: string): Promise<PlannedFile> {
  const sourcePath = join(folder, name);
  const bytes = await companions.bytes(sourcePath);
  if (bytes === null)
    throw new FileAccessError({ file: sourcePath, problem: 'file was removed meanwhile', remedy: 'Put it back, or make the plan again.' });
  if (name.endsWith('.json') && name !== 'tokenizer.json') parseJsonObject(sourcePath, bytes); // that one was read for its vocabulary
  return { name, from: role, sourcePath, sourceSha256: companions.sha256(sourcePath, bytes), content: null, reason };
}

/** A file that the tool writes itself. */
export function writtenFile(name: string, content: string, reason: string): PlannedFile {
  return { name, from: null, sourcePath: null, sourceSha256: null, content, reason };
}

/** A companion with changes: unchanged text leaves it a copy. */
export function edited(file: PlannedFile, original: string, content: string, change: string): PlannedFile {
  if (content === original) return file;
  return { ...file, sourcePath: null, sourceSha256: null, content, reason: `${file.reason}, ${change}` };
}

/** The text that a planned file will have. @throws as `copyOf` */
export async function textOf({ content, sourcePath }: PlannedFile, { companions }: OpenInput): Promise<string> {
  return content ?? (await companions.text(sourcePath!)) ?? '';
}
