import { inputIdentity } from '../cache/index.js';
import { outsideTask } from '../outside/index.js';
import type { PreparedEvaluation } from '../prepare/prepareEvaluation.js';
import type { ReportInput, ReportTask } from '../report/index.js';

/** Every input that some candidate names, once. */
export function reportInputs({ plans }: Pick<PreparedEvaluation, 'plans'>): ReportInput[] {
  const inputs = plans.flatMap((plan) => plan.inputs);
  const byRole = new Map(inputs.map((input) => [input.role, input]));
  return [...byRole.values()].map((input) => ({ role: input.role, path: input.path, name: input.name, identity: inputIdentity(input) }));
}

/** The tasks in the order of scores: files, then the outside command. */
export function reportTasks({ groups, request }: Pick<PreparedEvaluation, 'groups' | 'request'>): ReportTask[] {
  const files = (groups[0]?.tasks ?? []).map(({ name, path, kind, hash }) => ({ name, path, kind, hash }));
  return request.outside === undefined ? files : [...files, outsideTask(request.outside)];
}
