import type { ReleaseOnDisk } from '../disk/inspectLineage.js';
import { currentScores, modelsWithPastScores } from '../disk/currentScores.js';
import { modelRoles } from '../file/lineage.js';
import { pathFromFile } from '../file/lineageFile.js';
import type { LineageRounds, RoundRow, RoundsReport } from '../report/roundsReport.js';
import { openLineage, type LineageOnDisk } from '../rounds/refreshLineage.js';
import { measureDiffVectors, type MeasuredDiffVector, type MeasureOptions } from './measureDiffVectors.js';

/**
 * Rounds of lineages side by side: scores of models that are still those that were scored, norms of diff vectors and
 * their cosines from round to round. Reads every base and fine-tuned version once; writes nothing.
 * @throws as `readLineage` and `measureDiffVectors`
 */
export async function compareRounds(paths: readonly string[], options: MeasureOptions = {}): Promise<RoundsReport> {
  const lineages: LineageRounds[] = [];
  for (const path of paths) lineages.push(await describeRounds(await openLineage(path, options), options));
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

function rowOf(onDisk: ReleaseOnDisk): Omit<RoundRow, 'diffVector'> {
  const { release, state, models } = onDisk;
  return {
    release: release.name,
    state,
    delta: release.delta?.formula ?? null,
    models: modelRoles.filter((role) => models[role] !== undefined && models[role].fingerprint !== null),
    scores: currentScores(onDisk),
  };
}

function remarksOf(onDisk: ReleaseOnDisk): string[] {
  const { name } = onDisk.release;
  const past = modelsWithPastScores(onDisk).map((model) => `${name}: scores of its ${model} are left out, for it is another model now.`);
  return [...onDisk.problems, ...past];
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
