import { CompanionReader } from '../../checkpoint/index.js';
import type { Combination } from '../combination.js';
import { inputsOf } from '../combination.js';
import { candidateChoices, combineRequest, type CandidateChoices, type RequestedInput } from '../request.js';
import { checkRequest } from './checkRequest.js';
import { scoringRefusals } from './checkStorage.js';
import { openInputs, type OpenInput } from './openInputs.js';
import { takeAdapters } from './takeAdapters.js';
import { planModel, type ModelPlan } from './planModel.js';
import type { CodesChoice } from './planTensors.js';

/**
 * Plans of several combinations of the same inputs, which are opened once. Nothing is to be written: the plans say how
 * each tensor comes about, and which configuration and tokenizer the written checkpoint would have.
 * @param codes `kept` where the checkpoints are for others to score, who may know codes that this tool has no values of
 * @param companions for callers that go on to read files which the plans name
 * @throws as `planCombine`
 */
export async function planCandidates(
  combinations: readonly Combination[],
  inputs: readonly RequestedInput[],
  choices: CandidateChoices,
  codes: CodesChoice,
  signal?: AbortSignal,
  companions = new CompanionReader(signal),
): Promise<ModelPlan[]> {
  const opened = await openAll(combinations, inputs, companions, signal);
  const plans: ModelPlan[] = [];
  for (const combination of combinations) {
    signal?.throwIfAborted();
    const request = combineRequest({ combination, inputs, output: '', ...candidateChoices(choices) });
    checkRequest(request);
    const own = inputsOf(combination).map((role) => opened.find((input) => input.role === role)!);
    const plan = await planModel(request, own, codes, signal);
    plans.push(codes === 'kept' ? plan : { ...plan, refusals: scoringRefusals(plan.refusals, own) });
  }
  return plans;
}

/** Every input that some combination names. */
async function openAll(
  combinations: readonly Combination[],
  inputs: readonly RequestedInput[],
  companions: CompanionReader,
  signal?: AbortSignal,
): Promise<readonly OpenInput[]> {
  const steps = combinations.flatMap((combination) => combination.steps);
  const combination = { steps };
  return takeAdapters(combination, await openInputs(combineRequest({ combination, inputs, output: '' }), signal, companions));
}
