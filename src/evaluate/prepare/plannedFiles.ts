import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelPlan } from '../../combine/index.js';

/** A candidate cannot be scored, whatever the tasks. */
export class CandidateError extends Error {
  override readonly name = 'CandidateError';
}

/** Text of a file that the written checkpoint would have; null where it would have none. */
export async function readPlannedFile({ files }: ModelPlan, name: string): Promise<string | null> {
  const file = files.find((candidate) => candidate.name === name);
  if (file === undefined) return null;
  return file.content ?? (await readFile(file.sourcePath!, 'utf8'));
}

/** A file beside the weights of the input that gives the output its files; null where there is none that can be read. */
export async function readBesideWeights({ inputs, template }: ModelPlan, name: string): Promise<{ text: string; file: string } | null> {
  const shard = inputs.find(({ role }) => role === template)?.shards[0];
  if (shard === undefined) return null;
  const file = join(dirname(shard.path), name);
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : { text, file };
}

/** @throws CandidateError where the written checkpoint would not have the file */
export async function requirePlannedFile(plan: ModelPlan, name: string, remedy: string): Promise<string> {
  const text = await readPlannedFile(plan, name);
  if (text !== null) return text;
  const path = plan.inputs.find(({ role }) => role === plan.template)?.path;
  const owner = path === undefined ? plan.template : `${plan.template} (${path})`;
  throw new CandidateError(`${plan.formula} cannot be scored: no ${name} lies beside the weights of ${owner}. ${remedy}`);
}

/** Where a planned file comes from, for messages: the input's file, or what it would be called. */
export function plannedFileName({ files, template }: ModelPlan, name: string): string {
  return files.find((candidate) => candidate.name === name)?.sourcePath ?? `${name} of ${template}`;
}
