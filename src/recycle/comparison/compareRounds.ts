import type { ReleaseOnDisk } from '../disk/inspectLineage.js';
import { modelRoles, type RecordedScore } from '../file/lineage.js';
import { pathFromFile } from '../file/lineageFile.js';
import type { LineageRounds, RoundRow, RoundScore, RoundsReport } from '../report/roundsReport.js';
import { openLineage, type LineageOnDisk } from '../rounds/refreshLineage.js';
import { measureDiffVectors, type MeasuredDiffVector, type MeasureOptions } from './measureDiffVectors.js';

/**
 * Rounds of lineages side by side: scores of models that are still those that were scored, norms of diff vectors and
 * their cosines from round to round. Reads every base and fine-tuned version once; writes nothing.
 * @throws as `readLineage` and `measureDiffVectors`
 */
export async function compareRounds(paths: readonly string[], options: MeasureOptions = {}): Promise<RoundsReport> {
  const lineages: LineageRounds[] = [];
  for (const path of paths) lineages.push(await describeRounds(await openLineage(path, options.signal), options));
  return { format: 'model-rebase.rounds', version: 1, lineages, remarks: basisRemarks(lineages) };
}

async function describeRounds({ file, releases }: LineageOnDisk, options: MeasureOptions): Promise<LineageRounds> {
  const measured = await measure(releases, options);
  const rounds = releases.map((release): RoundRow => ({ ...rowOf(release), diffVector: measured.get(release) ?? null }));
  return { path: file.path, strategy: file.lineage.strategy, rounds, remarks: releases.flatMap(remarksOf) };
}

/** Diff vectors of the releases that have one; a cosine is only that of releases next to each other. */
async function measure(releases: readonly ReleaseOnDisk[], options: MeasureOptions): Promise<Map<ReleaseOnDisk, MeasuredDiffVector>> {
  const measured = new Map<ReleaseOnDisk, MeasuredDiffVector>();
  for (const run of consecutive(releases)) {
    const pairs = run.map(({ models }) => ({ finetuned: models.finetuned!.path, base: models.base!.path }));
    for (const [i, vector] of (await measureDiffVectors(pairs, options)).entries()) measured.set(run[i]!, vector);
  }
  return measured;
}

function consecutive(releases: readonly ReleaseOnDisk[]): ReleaseOnDisk[][] {
  const runs: ReleaseOnDisk[][] = [[]];
  for (const release of releases) {
    const { base, finetuned } = release.models;
    const isThere = [base, finetuned].every((model) => model !== undefined && model.fingerprint !== null);
    if (isThere) runs.at(-1)!.push(release);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

function rowOf({ release, state, models }: ReleaseOnDisk): Omit<RoundRow, 'diffVector'> {
  return {
    release: release.name,
    state,
    delta: release.delta?.formula ?? null,
    models: modelRoles.filter((role) => models[role] !== undefined && models[role].fingerprint !== null),
    scores: release.scores.filter((score) => holds(score, models)).map(shown),
  };
}

/** The start may have been removed after its training: what it scored stays true of the model that it was. */
function holds({ model, weights }: RecordedScore, models: ReleaseOnDisk['models']): boolean {
  const found = models[model];
  return found === undefined ? model === 'start' : found.identity === weights;
}

function shown({ model, task, kind, value, standardError, bitsPerByte, basis }: RecordedScore): RoundScore {
  return { model, task, kind, value, standardError, bitsPerByte, basis };
}

function remarksOf({ release, models, problems }: ReleaseOnDisk): string[] {
  const past = new Set(release.scores.filter((score) => !holds(score, models)).map(({ model }) => model));
  const scores = [...past].map((model) => `${release.name}: scores of its ${model} are left out, for it is another model now.`);
  return [...problems, ...scores];
}

/** A task whose scores were not all taken on the same text, cut in the same way. */
function basisRemarks(lineages: readonly LineageRounds[]): string[] {
  const bases = new Map<string, Set<string>>();
  for (const { path, rounds } of lineages)
    for (const { task, basis } of rounds.flatMap(({ scores }) => scores)) {
      const file = pathFromFile(path, task);
      bases.set(file, (bases.get(file) ?? new Set()).add(basis));
    }
  const mixed = [...bases].filter(([, found]) => found.size > 1).map(([file]) => file);
  return mixed.map(
    (file) => `Scores on ${file} were not all taken on the same text cut in the same way: do not compare them. Score them anew.`,
  );
}
