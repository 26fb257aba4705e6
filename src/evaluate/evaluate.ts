import { workerCount } from '../compute/index.js';
import { ModelThread } from './forward/index.js';
import type { EvaluateContext } from './plan.js';
import { prepareEvaluation, type PreparedEvaluation } from './prepare/prepareEvaluation.js';
import { RefusedError } from './refusedError.js';
import type { CandidateScores, EvaluateReport, OutsideScore } from './report/index.js';
import type { EvaluateRequest } from './request.js';
import { computeGroup, groupByteLength, scoreGroup, type MemberResult } from './run/computeGroup.js';
import { reportInputs, reportTasks } from './run/reportParts.js';
import { scoreByCommand } from './run/scoreByCommand.js';

/**
 * Scores every candidate on every task. Weights are streamed layer by layer and read once for all candidates together
 * (once per pass, where hidden states would not fit); nothing is written but results to the cache, and one checkpoint at
 * a time for an outside command.
 * @throws RefusedError when candidates cannot be combined; as `prepareEvaluation` and `scoreOutside`; FileReadError when
 * an input changes; the signal's reason when aborted: what was computed is in the cache then
 */
export async function evaluate(request: EvaluateRequest, context: EvaluateContext = {}): Promise<EvaluateReport> {
  const started = performance.now();
  const prepared = await prepareEvaluation(request, context.signal);
  if (prepared.refusals.length > 0) throw new RefusedError(prepared.refusals);
  const members = await scoreGroups(prepared, context);
  const tasks = reportTasks(prepared);
  const candidateOf = (index: number, outside: readonly OutsideScore[]): CandidateScores => {
    const { scores, nonFinite } = members.find(({ candidate }) => candidate === index) ?? { scores: [], nonFinite: [] };
    return {
      label: request.candidates[index]!.label,
      formula: prepared.plans[index]!.formula,
      scores: [...scores, ...outside],
      nonFinite,
    };
  };
  const outside = await scoreByCommand(prepared, context, (index, score) => context.onCandidate?.(candidateOf(index, [score]), tasks));
  const candidates = request.candidates.map((_, index) => candidateOf(index, outside.slice(index, index + 1)));
  const { window, stride, limit, precision, bos } = request.settings;
  return {
    inputs: reportInputs(prepared),
    tasks,
    settings: { window, stride, limit, precision, bos },
    candidates,
    findings: [...prepared.findings, ...(prepared.cache?.findings ?? [])],
    seconds: (performance.now() - started) / 1000,
  };
}

async function scoreGroups(
  { request: { settings }, groups, cache }: PreparedEvaluation,
  { signal, onProgress }: EvaluateContext,
): Promise<MemberResult[]> {
  const totalBytes = groups.reduce((sum, group) => sum + groupByteLength(group), 0);
  if (totalBytes === 0) return groups.flatMap((group) => scoreGroup(group, []));
  let doneBytes = 0;
  const report = (byteLength: number, stage: string): void => {
    doneBytes += byteLength;
    onProgress?.({ doneBytes, totalBytes, stage });
  };
  const threads = workerCount(settings.threads);
  const rounded = settings.precision === 'stored';
  return ModelThread.use({ provider: settings.provider, threads }, signal, async (model) => {
    const results: MemberResult[] = [];
    for (const group of groups) {
      const computed = await computeGroup(group, { model, cache, rounded, onProgress: report });
      for (const result of scoreGroup(group, computed)) results.push(result);
    }
    return results;
  });
}
