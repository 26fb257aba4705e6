import type { CombinePlan, Refusal } from '../combine/index.js';

/** What to do about an owner that is known to be gone. */
export const takeOverRemedy = '--take-over with --resume or --overwrite, if you know that it has ended';

/** Options that lift a refusal, by its code: the plan says what to do in words that VS Code shares. */
const remedies: Readonly<Record<string, string>> = {
  'output-exists': '--overwrite',
  'output-complete': '"model-rebase verify" or --overwrite',
  'output-partial': '--resume or --overwrite',
  'output-in-use': takeOverRemedy,
  'not-a-diff-vector': '"model-rebase delta", or --finetuned and --base',
  'vocabularies-unrelated': '--vocab rows to match rows by index all the same',
  'tensor-missing': '--skip-mismatched to keep the target’s tensors, whichever these are',
  'tensor-shape': '--skip-mismatched to keep the target’s tensors, whichever these are',
  'tensor-not-in-target': '--skip-mismatched to leave these out, whichever they are',
};

/** The plan with each refusal naming the options that lift it. */
export function nameRemedies(plan: CombinePlan): CombinePlan {
  return { ...plan, refusals: plan.refusals.map(nameRemedy) };
}

/** A refusal that names the option which lifts it, if one does: the narrowest. */
export function nameRemedy(refusal: Refusal): Refusal {
  const excluded = (refusal.patterns ?? []).map((pattern) => `--exclude '${pattern}'`);
  const remedy = excluded.length > 0 ? excluded.join(' ') : remedies[refusal.code];
  return remedy === undefined ? refusal : { ...refusal, message: `${refusal.message} On the command line: ${remedy}.` };
}
