import { readFile } from 'node:fs/promises';
import type { ModelPlan } from '../../combine/index.js';

/** Text of a file that the written checkpoint would have; null where it would have none. */
export async function readPlannedFile({ files }: ModelPlan, name: string): Promise<string | null> {
  const file = files.find((candidate) => candidate.name === name);
  if (file === undefined) return null;
  return file.content ?? (await readFile(file.sourcePath!, 'utf8'));
}

/** Where a planned file comes from, for messages: the input's file, or what it would be called. */
export function plannedFileName({ files, template }: ModelPlan, name: string): string {
  return files.find((candidate) => candidate.name === name)?.sourcePath ?? `${name} of ${template}`;
}
