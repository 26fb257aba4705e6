import { basename, dirname, join } from 'node:path';
import { loadersOpen } from '../../checkpoint/index.js';
import type { CombinePlan, PlannedFile, PlanInput } from '../../combine/index.js';

/**
 * The folder of the input that a plan would only copy, so that a command can be given that one: every tensor as it is
 * stored, every file beside the weights its own, the weights named as they would be written, and no others that might be loaded.
 * @returns null when the output is another checkpoint, or is laid out differently
 */
export async function unchangedInput(plan: CombinePlan): Promise<string | null> {
  const index = plan.inputs.findIndex(({ role }) => role === plan.template);
  const input = plan.inputs[index]!;
  const folder = dirname(input.shards[0]!.path);
  const keepsTensors = plan.tensors.every(({ action, dtype, sources }) => {
    const source = sources[index];
    return action === 'copied' && source != null && !('recipe' in source) && source.dtype === dtype;
  });
  const keepsFiles = plan.files.every((file) => isKept(file, folder));
  const isSame = plan.kind === 'model' && keepsTensors && keepsFiles && isLaidOut(plan, input, folder);
  return isSame &&
    (await loadersOpen(
      folder,
      plan.shards.map(({ file }) => file),
    ))
    ? folder
    : null;
}

/** The model card is new, and the index says what the input's says when the shards agree. */
function isKept({ name, from, content, sourcePath }: PlannedFile, folder: string): boolean {
  return from === null || (content === null && sourcePath === join(folder, name));
}

function isLaidOut({ shards }: CombinePlan, input: PlanInput, folder: string): boolean {
  const names = new Set(input.shards.filter(({ path }) => dirname(path) === folder).map(({ path }) => basename(path)));
  return shards.length === input.shards.length && shards.every(({ file }) => names.has(file));
}
