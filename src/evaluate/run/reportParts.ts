import type { ModelPlan, PlanInput } from '../../combine/index.js';
import { formerInputIdentity, inputIdentity } from '../cache/index.js';
import { outsideTask } from '../outside/index.js';
import type { PreparedEvaluation } from '../prepare/prepareEvaluation.js';
import type { ReportInput, ReportTask } from '../report/index.js';

/** Every input that some candidate names, once. */
export function reportInputs({ plans, identities }: Pick<PreparedEvaluation, 'plans' | 'identities'>): ReportInput[] {
  return namedInputs(plans).map((input) => {
    const { role, path, name } = input;
    return { role, path, name, identity: inputIdentity(input, identities) };
  });
}

/** By role, what runs of earlier versions have for the identity of an input. */
export function formerIdentities({ plans }: Pick<PreparedEvaluation, 'plans'>): Readonly<Record<string, string>> {
  return Object.fromEntries(namedInputs(plans).map((input) => [input.role, formerInputIdentity(input)]));
}

function namedInputs(plans: readonly ModelPlan[]): PlanInput[] {
  const inputs = plans.flatMap((plan) => plan.inputs);
  return [...new Map(inputs.map((input) => [input.role, input])).values()];
}

/** The tasks in the order of scores: files, then the outside command. */
export function reportTasks({ groups, request }: Pick<PreparedEvaluation, 'groups' | 'request'>): ReportTask[] {
  const files = (groups[0]?.tasks ?? []).map(({ name, path, kind, hash }) => ({ name, path, kind, hash }));
  return request.outside === undefined ? files : [...files, outsideTask(request.outside)];
}
