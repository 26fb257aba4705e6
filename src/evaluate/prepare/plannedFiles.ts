import type { CompanionReader } from '../../checkpoint/index.js';
import type { ModelPlan } from '../../combine/index.js';

/** A candidate cannot be scored, whatever the tasks. */
export class CandidateError extends Error {
  override readonly name = 'CandidateError';
}

/** Text of a file that the written checkpoint would have; null where it would have none. */
export async function readPlannedFile({ files }: ModelPlan, name: string, companions: CompanionReader): Promise<string | null> {
  const file = files.find((candidate) => candidate.name === name);
  return file === undefined ? null : (file.content ?? companions.text(file.sourcePath!));
}

/** @throws CandidateError where the written checkpoint would not have the file */
export async function requirePlannedFile(plan: ModelPlan, name: string, companions: CompanionReader, remedy: string): Promise<string> {
  const text = await readPlannedFile(plan, name, companions);
  if (text !== null) return text;
  const path = plan.inputs.find(({ role }) => role === plan.template)?.path;
  const owner = path === undefined ? plan.template : `${plan.template} (${path})`;
  throw new CandidateError(`${plan.formula} cannot be scored: no ${name} lies beside the weights of ${owner}. ${remedy}`);
}

/** Where a planned file comes from, for messages: the input's file, or what it would be called. */
export function plannedFileName({ files, template }: ModelPlan, name: string): string {
  return files.find((candidate) => candidate.name === name)?.sourcePath ?? `${name} of ${template}`;
}
