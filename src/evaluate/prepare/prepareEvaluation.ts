import { quoteName } from '../../base/formatError.js';
import { shortList } from '../../base/nameList.js';
import { CompanionReader, shardIdentities, type Finding } from '../../checkpoint/index.js';
import { planCandidates, type ModelPlan } from '../../combine/index.js';
import { openModel } from '../../model/index.js';
import { ResultCache, type FileIdentities } from '../cache/index.js';
import type { EvaluateRequest } from '../request.js';
import { TokenizerThread } from '../../model/tokenizer/index.js';
import { groupCandidates, type CandidateGroup } from './candidateGroups.js';
import { prepareGroup, type GroupContext, type PreparedGroup } from './prepareGroup.js';

/** A group, and what its texts begin with. */
type StartedGroup = PreparedGroup & { readonly start: Finding };

/** Everything that is decided before a weight is read. */
export interface PreparedEvaluation {
  readonly request: EvaluateRequest;
  /** Of each candidate. */
  readonly plans: readonly ModelPlan[];
  /** Of all files of weights that take part. */
  readonly identities: FileIdentities;
  /** Empty when only an outside command scores. */
  readonly groups: readonly StartedGroup[];
  readonly cache: ResultCache | null;
  readonly findings: readonly Finding[];
  /** Why candidates cannot be combined. */
  readonly refusals: readonly Finding[];
}

/**
 * Plans the candidates, reads the tasks, and looks up what is known already.
 * @throws CandidateError, ArchitectureError, FormatError, FileAccessError naming the file and what to do
 */
export async function prepareEvaluation(request: EvaluateRequest, signal?: AbortSignal): Promise<PreparedEvaluation> {
  checkRequest(request);
  const combinations = request.candidates.map(({ combination }) => combination);
  const companions = new CompanionReader(signal);
  const plans = await planCandidates(
    combinations,
    request.inputs,
    request.choices,
    request.tasks.length === 0 ? 'kept' : 'decoded',
    signal,
    companions,
  );
  const refusals = distinct(plans.flatMap((plan) => plan.refusals));
  const { cacheFolder } = request.settings;
  const cache = cacheFolder === null ? null : new ResultCache(cacheFolder);
  const identities = await readIdentities(plans, companions, signal);
  const isScored = refusals.length === 0 && request.tasks.length > 0;
  const prepared = isScored ? await prepareGroups({ request, plans, identities, cache }, companions, signal) : [];
  const findings = distinct([
    ...plans.flatMap((plan) => [...plan.findings.filter(isOfScores), ...vocabularyFinding(plan)]),
    ...prepared.flatMap(groupFindings),
    ...tokenizerFinding(prepared),
  ]);
  return { request, plans, identities, groups: prepared, cache, findings, refusals };
}

/** Texts are turned into tokens in a thread that cancelling ends. */
function prepareGroups(
  context: GroupContext & { readonly plans: readonly ModelPlan[] },
  companions: CompanionReader,
  signal: AbortSignal | undefined,
): Promise<StartedGroup[]> {
  return TokenizerThread.use(signal, async (thread) => {
    const prepared: StartedGroup[] = [];
    const groups = await groupCandidates(context.plans, companions, thread, context.request.settings.bos);
    for (const group of groups) {
      const start = await startFinding(group, groups.length === 1 ? [] : labelsOf(group, context.request));
      prepared.push({ ...(await prepareGroup(group, context)), start });
    }
    return prepared;
  });
}

async function readIdentities(plans: readonly ModelPlan[], companions: CompanionReader, signal?: AbortSignal): Promise<FileIdentities> {
  const paths = new Set(plans.flatMap(({ inputs }) => inputs.map(({ path }) => path)));
  const identities = new Map<string, string>();
  for (const path of paths)
    for (const [file, identity] of await shardIdentities(await openModel(path, signal, companions), signal)) identities.set(file, identity);
  return identities;
}

function checkRequest({ candidates, tasks, outside }: EvaluateRequest): void {
  if (candidates.length === 0) throw new Error('There is nothing to score: name at least one model.');
  if (tasks.length === 0 && outside === undefined) throw new Error('There is nothing to score with: name a task file or a command.');
}

/** What stands before texts is said of the tokenizer that is used, by the choice that was made. */
function isOfScores({ code }: Finding): boolean {
  return code !== 'bos-differs';
}

function groupFindings({ tokenizer, tasks, start }: StartedGroup): Finding[] {
  return [start, ...tokenizer.findings, ...tasks.flatMap((task) => task.findings)];
}

function labelsOf({ members }: CandidateGroup, { candidates }: EvaluateRequest): string[] {
  return members.map(({ candidate }) => candidates[candidate]!.label);
}

/** What stands before texts, and why. @param labels of the models that this is said of; empty for all of them */
async function startFinding({ tokenizer }: CandidateGroup, labels: readonly string[]): Promise<Finding> {
  const { bosToken, bosReason, file } = tokenizer;
  const start = bosToken === null ? 'no token before them' : `${quoteName(await tokenizer.spell(bosToken))} (token ${bosToken})`;
  const whose = labels.length === 0 ? 'Texts' : `Texts for ${shortList(labels)}`;
  return { severity: 'info', code: 'texts-begin', message: `${whose} begin with ${start}: ${bosReason}.`, file };
}

/** How rows of versions with different tokens are matched, where the user did not say it. */
function vocabularyFinding({ vocabulary, request, findings }: ModelPlan): Finding[] {
  if (vocabulary === null || vocabulary.rule === 'same' || request.vocabulary === 'rows') return [];
  if (findings.some(({ code }) => code === 'vocabulary-unknown')) return [];
  const severity = vocabulary.rule === 'rows' ? 'warning' : 'info';
  return [{ severity, code: 'vocabulary-rule', message: vocabulary.reason }];
}

/** Losses per token of different tokens are not comparable. */
function tokenizerFinding(groups: readonly PreparedGroup[]): Finding[] {
  const tokenizers = new Set(groups.map(({ tokenizer }) => `${tokenizer.hash} ${tokenizer.bosToken ?? ''}`));
  if (tokenizers.size < 2) return [];
  const message = `The models have ${tokenizers.size} different tokenizers: compare bits per byte, since nats per token count other tokens.`;
  return [{ severity: 'warning', code: 'different-tokenizers', message }];
}

/** Candidates share their inputs, and so most of what is to be said of them. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.code} ${finding.message}`, finding])).values()];
}
