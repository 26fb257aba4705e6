import type { ModelRole, RecordedScore } from '../file/lineage.js';
import type { RoundScore } from '../report/roundsReport.js';
import type { ReleaseOnDisk } from './inspectLineage.js';

type Scored = Pick<ReleaseOnDisk, 'release' | 'models'>;

/** Scores of models that are still those that were scored. */
export function currentScores({ release, models }: Scored): RoundScore[] {
  return release.scores.filter((score) => holds(score, models)).map(shown);
}

/** Models that are others now than those that were scored. */
export function modelsWithPastScores({ release, models }: Scored): ModelRole[] {
  return [...new Set(release.scores.filter((score) => !holds(score, models)).map(({ model }) => model))];
}

/** The start may have been removed after its training: what it scored stays true of the model that it was. */
function holds({ model, weights }: RecordedScore, models: ReleaseOnDisk['models']): boolean {
  const found = models[model];
  return found === undefined ? model === 'start' : found.identity === weights;
}

function shown({ model, task, kind, value, standardError, bitsPerByte, basis }: RecordedScore): RoundScore {
  return { model, task, kind, value, standardError, bitsPerByte, basis };
}
