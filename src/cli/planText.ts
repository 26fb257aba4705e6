import { toJson } from '../base/json/toJson.js';
import type { ConnectivityPlan } from '../connectivity/index.js';
import { describeOutsidePlan, type EvaluationPlan } from '../evaluate/index.js';
import { nameRemedy } from './refusals.js';
import { formatBytes, formatCompact, formatCount, formatSeconds, plural } from '../base/format.js';

/** What an evaluation will cost, for a terminal. */
export function describeEvaluationPlan(plan: EvaluationPlan): string {
  return [
    ...(plan.architecture === '' ? [] : [plan.architecture]),
    plural(plan.candidateCount, 'model'),
    ...plan.tasks.map(({ name, path, sequenceCount, tokenCount }) =>
      sequenceCount === 0
        ? `${name}: ${path}`
        : `${name}: ${plural(sequenceCount, 'sequence')}, ${plural(tokenCount, 'token')} per model (${path})`,
    ),
    ...(plan.refusals.length > 0 ? [] : describePrice(plan)),
    ...plan.findings.map(({ severity, message }) => `${severity}: ${message}`),
    ...plan.refusals.map((refusal) => `refused: ${nameRemedy(refusal).message}`),
    '',
  ].join('\n');
}

function describePrice(plan: EvaluationPlan): string[] {
  const { outside } = plan;
  return [
    ...(plan.cachedCount === 0 ? [] : [`${plural(plan.cachedCount, 'score')} known from before`]),
    ...(plan.architecture === '' ? [] : describePasses(plan)),
    ...(outside === null ? [] : [describeOutsidePlan(outside)]),
  ];
}

function describePasses(plan: EvaluationPlan): string[] {
  return [
    `Reads ${formatBytes(plan.readByteLength)} in ${formatCount(plan.passes)} ${plan.passes === 1 ? 'pass' : 'passes'}; ${formatCompact(plan.operations)} floating-point operations${describeTime(plan)}.`,
    `Peak memory about ${formatBytes(plan.peakMemory)}.`,
  ];
}

function describeTime({ estimatedSeconds }: EvaluationPlan): string {
  return estimatedSeconds === null ? '' : `, about ${formatSeconds(estimatedSeconds)}`;
}

/** What a connectivity run will cost, for a terminal. */
export function describeConnectivityPlan({ title, evaluations, keptCount, mostRefined, geometryByteLength }: ConnectivityPlan): string {
  return [
    `${title}\n`,
    ...(keptCount === 0 ? [] : [`${plural(keptCount, 'model')} known from the run that is extended\n`]),
    ...(evaluations.length === 0 ? ['Nothing is left to score.\n'] : evaluations.map(describeEvaluationPlan)),
    ...(mostRefined === 0 ? [] : [`Then up to ${formatCount(mostRefined)} more points, at the same price each.\n`]),
    ...(geometryByteLength === 0 ? [] : [`Then reads ${formatBytes(geometryByteLength)} for the distances between the versions.\n`]),
  ].join('');
}

/** A plan as JSON, without the request that the command line is. */
export function planToJson(plan: EvaluationPlan | ConnectivityPlan): string {
  const evaluations = 'evaluations' in plan ? plan.evaluations.map(withoutRequest) : undefined;
  return toJson({ ...withoutRequest(plan), evaluations });
}

function withoutRequest(plan: EvaluationPlan | ConnectivityPlan): object {
  return { ...plan, request: undefined };
}
