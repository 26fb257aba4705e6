import { createHash } from 'node:crypto';
import type { Combination } from '../../combine/index.js';
import { evaluate, planEvaluation, type EvaluateReport, type ReportTask, type TaskScore } from '../../evaluate/index.js';
import type { Evaluator } from '../../connectivity/index.js';
import { modelRoles, type Lineage, type ModelRole, type RecordedScore } from '../file/lineage.js';
import { changeReleases, readLineage } from '../file/lineageFile.js';
import type { ReleaseOnDisk } from '../disk/inspectLineage.js';
import type { LineageOnDisk } from '../rounds/refreshLineage.js';
import type { EvidenceOptions } from './gatherEvidence.js';
import { scoringOf } from './scoring.js';

/** More than any standard error leaves meaning to. */
const recordedDigits = 7;

const realEvaluator: Evaluator = { plan: planEvaluation, evaluate };

/** A model that takes part in scoring, under a role of its own. */
interface Scored {
  readonly release: string;
  readonly model: ModelRole;
  readonly path: string;
  readonly identity: string;
}

/**
 * Scores every model of a release, and the fine-tuned version of the release before it, on the lineage's tasks, and
 * records the scores. Nothing happens without tasks.
 * @throws as `evaluate`
 */
export async function scoreRelease(lineage: LineageOnDisk, name: string, options: Omit<EvidenceOptions, 'sweep'>): Promise<void> {
  const { file, releases } = lineage;
  if (file.lineage.tasks.length === 0) return;
  const index = releases.findIndex(({ release }) => release.name === name);
  const scored = [...modelsOf(releases[index]!), ...previousVersion(releases[index - 1])];
  const { evaluator = realEvaluator, context, cacheFolder } = options;
  const report = await evaluator.evaluate(
    {
      ...scoringOf(file, cacheFolder),
      inputs: scored.map((model) => ({ role: roleOf(model), path: model.path, expect: 'checkpoint' })),
      candidates: scored.map((model) => ({ label: roleOf(model), combination: alone(roleOf(model)) })),
    },
    { signal: context.signal, onProgress: (progress) => context.onProgress?.({ ...progress, phase: 'scoring' }) },
  );
  await recordScores(file.path, scored, report, file.lineage.tasks);
}

function modelsOf({ release, models }: ReleaseOnDisk): Scored[] {
  return modelRoles.flatMap((model) => {
    const found = models[model];
    return found?.fingerprint ? [{ release: release.name, model, path: found.path, identity: found.identity }] : [];
  });
}

function previousVersion(previous: ReleaseOnDisk | undefined): Scored[] {
  return previous === undefined ? [] : modelsOf(previous).filter(({ model }) => model === 'finetuned');
}

function roleOf({ release, model }: Pick<Scored, 'release' | 'model'>): string {
  return `${model}(${release})`;
}

function alone(role: string): Combination {
  return { steps: [{ scale: 1, plus: role, minus: null }] };
}

async function recordScores(path: string, scored: readonly Scored[], report: EvaluateReport, tasks: Lineage['tasks']): Promise<void> {
  const file = await readLineage(path);
  const found = scored.flatMap((model, candidate) => recordedScores(model, report, candidate, tasks));
  const changes = file.lineage.releases
    .filter(({ name }) => scored.some(({ release }) => release === name))
    .map((release) => {
      const own = found.filter((score) => score.release === release.name).map(({ score }) => score);
      const kept = release.scores.filter((old) => !own.some((score) => score.model === old.model && score.task === old.task));
      return [release.name, { scores: [...kept, ...own], dates: { ...release.dates, scored: new Date().toISOString() } }] as const;
    });
  await changeReleases(file, Object.fromEntries(changes));
}

function recordedScores(
  { release, model, identity }: Scored,
  { candidates, tasks: reported }: EvaluateReport,
  candidate: number,
  tasks: Lineage['tasks'],
): { release: string; score: RecordedScore }[] {
  return candidates[candidate]!.scores.map((score, i) => ({
    release,
    score: { model, task: tasks[i]!, ...numbersOf(score), weights: identity, basis: basisOf(reported[i]!) },
  }));
}

function basisOf({ hash }: ReportTask): string {
  return createHash('sha256').update(hash).digest('hex').slice(0, 16);
}

function numbersOf(score: TaskScore): Pick<RecordedScore, 'kind' | 'value' | 'standardError' | 'bitsPerByte'> {
  const finite = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(recordedDigits)) : null);
  switch (score.kind) {
    case 'loss': {
      const { kind, loss, standardError, bitsPerByte } = score;
      return { kind, value: finite(loss), standardError: finite(standardError), bitsPerByte: finite(bitsPerByte) };
    }
    case 'choice':
      return { kind: score.kind, value: finite(score.accuracy), standardError: finite(score.standardError), bitsPerByte: null };
    case 'outside':
      return { kind: score.kind, value: finite(score.value), standardError: null, bitsPerByte: null };
    default:
      return score satisfies never;
  }
}
