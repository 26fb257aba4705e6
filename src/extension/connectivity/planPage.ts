import { formatBytes, formatCompact, formatSeconds, plural } from '../../base/format.js';
import { describeOutsidePlan, type ConnectivityPlan, type EvaluationPlan } from './connectivityRoom.js';
import { escapeMarkdown, markdownRow } from '../../base/markdown.js';

function problems(title: string, messages: readonly string[]): string[] {
  return messages.length === 0 ? [] : ['', `## ${title}`, '', ...[...new Set(messages)].map((message) => `- ${escapeMarkdown(message)}`)];
}

function describeWork(plan: EvaluationPlan): string {
  const runs = plan.outside === null ? [] : [`the command runs for ${plural(plan.outside.runs, 'model')}`];
  if (plan.architecture === '') return runs.join('');
  return [
    `reads ${formatBytes(plan.readByteLength)} in ${plural(plan.passes, 'pass').replace('passs', 'passes')}`,
    `about ${formatBytes(plan.peakMemory)} of memory`,
    `${formatCompact(plan.operations)} floating-point operations`,
    ...runs,
  ].join(' · ');
}

/** Empty where one of the evaluations has no estimate. */
function describeTime(plans: readonly EvaluationPlan[]): string {
  const seconds = plans.reduce<number | null>(
    (sum, { estimatedSeconds }) => (sum === null || estimatedSeconds === null ? null : sum + estimatedSeconds),
    0,
  );
  return seconds === null ? '' : `about ${formatSeconds(seconds)} · `;
}

function describeCost(plan: EvaluationPlan): string {
  return describeTime([plan]) + describeWork(plan);
}

/**
 * What all evaluations cost, with the time first, because the end of a long line is cut off:
 * `about 12.0 s · reads 2.74 GB in 1 pass · about 310 MB of memory · 1.20T floating-point operations`.
 */
export function describeCosts({ evaluations }: ConnectivityPlan): string {
  if (evaluations.length === 0) return 'nothing is left to score';
  return describeTime(evaluations) + evaluations.map(describeWork).join(' + ');
}

function evaluationSection(plan: EvaluationPlan): string[] {
  const tasks = plan.tasks.map(({ name, sequenceCount, tokenCount, path }) =>
    markdownRow([
      name,
      sequenceCount === 0 ? '' : plural(sequenceCount, 'sequence'),
      tokenCount === 0 ? '' : plural(tokenCount, 'token'),
      path,
    ]),
  );
  const known = plan.cachedCount === 0 ? '' : ` ${plural(plan.cachedCount, 'score')} known from before.`;
  return [
    '',
    `## ${plural(plan.candidateCount, 'model')} to score`,
    '',
    `${escapeMarkdown(describeCost(plan))}.${known}`,
    '',
    '| task | | tokens per model | file |',
    '|---|---|---|---|',
    ...tasks,
  ];
}

/** Why a run cannot start; empty when it can. */
export function refusalsOf({ evaluations }: ConnectivityPlan): string[] {
  return evaluations.flatMap(({ refusals }) => refusals.map(({ message }) => message));
}

/** How the models are scored, and what touches the disk. */
function describeWay(evaluations: readonly EvaluationPlan[]): string {
  const architecture = evaluations.find((plan) => plan.architecture !== '')?.architecture;
  const [outside] = evaluations.flatMap((plan) => plan.outside ?? []);
  const written = outside === undefined ? ['Nothing is written.'] : [escapeMarkdown(describeOutsidePlan(outside))];
  const formed = `Models are formed in memory, layer by layer, and scored. ${escapeMarkdown(architecture ?? '')}.`;
  return [...(architecture === undefined ? [] : [formed]), ...written].join(' ');
}

/** What a run will cost, as a page to be read before it starts. Names from files are escaped. */
export function connectivityPlanPage(plan: ConnectivityPlan): string {
  const { title, request, evaluations, keptCount, mostRefined, geometryByteLength } = plan;
  const after = [
    ...(keptCount === 0 ? [] : [`${plural(keptCount, 'model')} known from the run that is extended.`]),
    ...(mostRefined === 0 ? [] : [`Then up to ${plural(mostRefined, 'point')} more where they tell most, at the same price each.`]),
    ...(geometryByteLength === 0 ? [] : [`Then reads ${formatBytes(geometryByteLength)} for the distances between the versions.`]),
  ];
  const lines = [
    `# Plan: ${escapeMarkdown(title)}`,
    '',
    describeWay(evaluations),
    ...problems('This cannot run', refusalsOf(plan)),
    ...(evaluations.length === 0
      ? ['', 'Nothing is left to score.']
      : evaluations.filter(({ refusals }) => refusals.length === 0).flatMap(evaluationSection)),
    ...(after.length === 0 ? [] : ['', ...after.map((line) => `- ${line}`)]),
    '',
    '## Models',
    '',
    '| | folder |',
    '|---|---|',
    ...request.inputs.map(({ role, path }) => markdownRow([role, path])),
    ...problems(
      'Worth knowing',
      evaluations.flatMap(({ findings }) => findings.map(({ message }) => message)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
