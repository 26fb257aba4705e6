import { currentScores } from '../disk/currentScores.js';
import type { ReleaseOnDisk } from '../disk/inspectLineage.js';
import { modelRoles } from '../file/lineage.js';
import { pathFromFile } from '../file/lineageFile.js';
import type { LineageStatus, NextStep, ReleaseStatus } from '../report/status.js';
import { nextRound, type NextRound } from './nextRound.js';
import { disagreements, type LineageOnDisk } from './refreshLineage.js';

/** What there is to say of a lineage, as plain data. */
export function statusOf(lineage: LineageOnDisk): LineageStatus {
  const { file, releases } = lineage;
  const { strategy, tasks, command } = file.lineage;
  const asOnDisk = { ...file.lineage, releases: releases.map(({ release }) => release) };
  return {
    path: file.path,
    strategy,
    tasks: tasks.map((task) => pathFromFile(file.path, task)),
    command,
    releases: releases.map(releaseStatus),
    next: nextStep(nextRound(asOnDisk), releases),
    disagreements: disagreements(lineage),
  };
}

function releaseStatus(onDisk: ReleaseOnDisk): ReleaseStatus {
  const { release, state, models, delta, training, problems, startProblem, remarks } = onDisk;
  return {
    name: release.name,
    state,
    models: modelRoles.flatMap((role) => {
      const model = models[role];
      return model === undefined ? [] : [{ role, path: model.path, isThere: model.fingerprint !== null }];
    }),
    delta: delta?.formula ?? null,
    scores: currentScores(onDisk),
    training: (['finetuned', 'plain'] as const).flatMap((fineTune) => {
      const record = training[fineTune];
      return record === undefined ? [] : [{ fineTune, pid: record.pid, startedAt: record.startedAt }];
    }),
    problems: startProblem === null ? problems : [...problems, startProblem],
    remarks,
  };
}

/** A round as it is shown. */
export function nextStep(next: NextRound, releases: readonly ReleaseOnDisk[]): NextStep {
  if (next.kind === 'complete') return next;
  const { release, fineTune, start } = next.round;
  const onDisk = releases.find((candidate) => candidate.release.name === release.name);
  return {
    kind: 'round',
    release: release.name,
    fineTune,
    start: start.kind === 'base' ? `base(${release.name})` : start.formula,
    needsStart: start.kind === 'recycled' && onDisk?.models.start === undefined,
  };
}
