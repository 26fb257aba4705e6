import { diffVector, planCandidates, type ModelPlan } from '../../combine/index.js';

/** A checkpoint that cannot be the fine-tuned version of a base. */
export class UnusableModelError extends Error {
  override readonly name = 'UnusableModelError';
}

const wholeModels = { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' } as const;

/**
 * How the diff vector of two checkpoints is formed: only of models of one architecture, with the same tensors in the same
 * shapes, or a vocabulary that has grown. Reads headers, no weights.
 * @throws UnusableModelError with the first reason when it cannot be; as `planCandidates`
 */
export async function planDifference(finetuned: string, base: string, signal?: AbortSignal): Promise<ModelPlan> {
  const inputs = [
    { role: 'finetuned', path: finetuned, expect: 'checkpoint' },
    { role: 'base', path: base, expect: 'checkpoint' },
  ] as const;
  const [plan] = await planCandidates([diffVector('finetuned', 'base')], inputs, wholeModels, 'kept', signal);
  const [refusal] = plan!.refusals;
  if (refusal !== undefined) throw new UnusableModelError(`${finetuned} is no fine-tuned version of ${base}: ${refusal.message}`);
  return plan!;
}
